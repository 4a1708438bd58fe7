import type { Block, Document, Item } from "./document.ts";

/**
 * A document as GitHub shows it in a comment.
 * @param marker stands in the first line, where nobody sees it, so that the comment is found again
 */
export function renderMarkdown({ title, sections }: Document, marker: string): string {
  const parts = [
    `<!-- ${marker} -->`,
    `## ${inline(title)}`,
    ...sections.flatMap((section) => [
      `### ${inline(section.title)}`,
      ...section.blocks.map(block),
    ]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function block(given: Block): string {
  switch (given.kind) {
    case "paragraph":
      return given.tone === "bad" || given.tone === "warning"
        ? `**${inline(given.text)}**`
        : inline(given.text);
    case "list":
      return folded(given.items.map((item) => itemLines(item, "")).join("\n"), given.fold);
    case "table":
      return [given.head, given.head.map(() => "---"), ...given.rows]
        .map((row) => `| ${row.map(cell).join(" | ")} |`)
        .join("\n");
    case "quotation":
      return quotation(given.text);
  }
}

function folded(text: string, summary: string | undefined): string {
  if (summary === undefined) return text;
  return `<details>\n<summary>${escaped(summary)}</summary>\n\n${text}\n\n</details>`;
}

function itemLines({ text, sign, items = [] }: Item, indent: string): string {
  const line = `${indent}- ${sign === undefined ? "" : `\`${sign}\` `}${inline(text)}`;
  return [line, ...items.map((item) => itemLines(item, `${indent}  `))].join("\n");
}

function cell(text: string): string {
  // Of a cell, code has to escape the bar too.
  return text === "---" ? text : inline(text).replaceAll("|", "\\|");
}

/** Text with its code and its addresses; all else stands for itself, and mentions nobody. */
function inline(text: string): string {
  return text
    .split(/(`[^`]*`|https?:\/\/[^\s<>]+)/)
    .map((part) => (/^(`|https?:)/.test(part) ? part : escaped(part)))
    .join("");
}

function escaped(text: string): string {
  return text
    .replaceAll(/[\\*_~[\]#]/g, (character) => `\\${character}`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "@\u200b");
}

/** A fence that is longer than any in the text. */
function quotation(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
