import { stripVTControlCharacters } from "node:util";
import type { Block, Document, Item, Tone } from "./document.ts";

type Style = Tone | "bold" | "code" | "+" | "~" | "±" | "-";

const codes: Readonly<Record<Style, number>> = {
  good: 32,
  bad: 31,
  warning: 33,
  quiet: 2,
  bold: 1,
  code: 36,
  "+": 32,
  "~": 33,
  "±": 35,
  "-": 31,
};

/** A document for a terminal or a log. */
export function renderText({ title, sections }: Document, hasColour: boolean): string {
  const paint: Paint = hasColour ? coloured : (_, text) => text;
  const parts = sections.map((section) =>
    [paint("bold", section.title), ...section.blocks.flatMap((one) => blockLines(one, paint))].join(
      "\n",
    ),
  );
  return `${[paint("bold", title), ...parts].join("\n\n")}\n`;
}

/** Whether what is written to a stream should be in colour. @see https://no-color.org */
export function wantsColour(
  { isTTY }: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv,
): boolean {
  return isTTY === true && (environment["NO_COLOR"] ?? "") === "";
}

const reset = "\u001b[0m";

/** What is coloured within the text already ends all colours, so ours begins again there. */
function coloured(style: Style, text: string): string {
  const start = `\u001b[${codes[style]}m`;
  return `${start}${text.replaceAll(reset, `${reset}${start}`)}${reset}`;
}

type Paint = (style: Style, text: string) => string;

function blockLines(given: Block, paint: Paint): string[] {
  switch (given.kind) {
    case "paragraph": {
      const text = inline(given.text, paint);
      return [`  ${given.tone === undefined ? text : paint(given.tone, text)}`];
    }
    case "list":
      return given.items.flatMap((item) => itemLines(item, "    ", paint));
    case "table":
      return tableLines(given, paint);
    case "quotation":
      return given.text.split("\n").map((line) => `    ${line}`);
  }
}

function itemLines({ text, sign, items = [] }: Item, indent: string, paint: Paint): string[] {
  const mark = sign === undefined ? "" : `${paint(sign, sign)} `;
  return [
    `${indent}${mark}${inline(text, paint)}`,
    ...items.flatMap((item) => itemLines(item, `${indent}  `, paint)),
  ];
}

function tableLines({ head, rows }: Extract<Block, { kind: "table" }>, paint: Paint): string[] {
  const shown = rows.map((row) => row.map((cell) => inline(cell, paint)));
  const all = [head, ...shown];
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ""))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd();
  return [`    ${paint("quiet", line(head))}`, ...shown.map((row) => `    ${line(row)}`)];
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Text without the marks of its code. */
function inline(text: string, paint: Paint): string {
  return text.replaceAll(/`([^`]*)`/g, (_, code: string) => paint("code", code));
}
