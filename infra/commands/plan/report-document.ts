import { list, paragraph, table, type Block, type Document, type Section } from "./document.ts";
import { code } from "./format-values.ts";
import type { Report } from "./report.ts";
import {
  measuresInWords,
  measuresTable,
  originInWords,
  pinInWords,
  servingInWords,
} from "./serving-blocks.ts";
import { updateBlocks } from "./update-blocks.ts";

/** What a stack is after its last update, for people. */
export function reportDocument(stack: string, facts: Report): Document {
  return {
    title: `${stack}: what the last update did`,
    sections: [
      { title: "The update", blocks: [...updateBlocks(facts), ...failureBlocks(facts)] },
      ...servingSections(facts),
      ...gateSections(facts),
    ],
  };
}

/** The same in brief, for whoever reads a plan. */
export function nowSection(facts: Report): Section {
  const { serving, promotedFrom } = facts;
  return {
    title: "Now",
    blocks: [
      ...(serving
        ? [
            paragraph(`${servingInWords(serving)} ${measuresInWords(serving)}`),
            ...list([
              ...(promotedFrom ? [originInWords(promotedFrom)] : []),
              ...pinInWords(serving),
              ...(facts.beside ? [facts.beside.verdict] : []),
            ]),
          ]
        : [paragraph("Nothing serves yet.")]),
      ...updateBlocks(facts),
    ],
  };
}

/** What stopped the update, in the trainer's words; or where to look for it. */
function failureBlocks({ lastUpdate, failedRun, trackerUrl }: Report): Block[] {
  if (lastUpdate?.result !== "failed") return [];
  if (failedRun) {
    return [
      paragraph(`Its run, ${failedRun.url}, says:`),
      { kind: "quotation", text: failedRun.message },
    ];
  }
  return trackerUrl === undefined
    ? []
    : [paragraph(`If it came as far as a run, the tracker says more: ${trackerUrl}`)];
}

function servingSections({ serving, beside, promotedFrom }: Report): Section[] {
  if (serving === undefined) return [];
  return [
    {
      title: "What serves",
      blocks: [
        paragraph(servingInWords(serving)),
        ...list([
          ...pinInWords(serving),
          ...(promotedFrom ? [originInWords(promotedFrom)] : []),
          ...(serving.runUrl === undefined ? [] : [`run: ${serving.runUrl}`]),
        ]),
        ...measuresTable(serving, beside),
        ...(beside ? [paragraph(beside.verdict)] : []),
      ],
    },
  ];
}

function gateSections({ gate }: Report): Section[] {
  if (gate === undefined) return [];
  const rows = gate.rules.map(({ rule, verdict, reason }) => [code(rule), verdict, reason]);
  const head = ["rule", "verdict", "why"];
  const blocks = rows.length === 0 ? [paragraph("The gate had no rules.")] : table(head, rows);
  return [{ title: `The gate that it ${gate.verdict}`, blocks }];
}
