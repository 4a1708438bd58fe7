import { paragraph, type Document } from "./document.ts";
import { planDocument, type Plan } from "./plan-document.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderText } from "./render-text.ts";
import { reportDocument } from "./report-document.ts";
import type { Report } from "./report.ts";

/** What the command has found out. */
export type Finding =
  | ({ readonly kind: "plan" } & Plan)
  | ({ readonly kind: "report"; readonly stack: string } & Report)
  /** Why there is no plan, and what there is meanwhile. */
  | {
      readonly kind: "failure";
      readonly stack: string;
      readonly failure: string;
      readonly now: Report;
    };

/** What the output is for. */
export type Format = "text" | "coloured" | "markdown" | "json";

/** A finding as the command prints it. */
export function output(finding: Finding, format: Format): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(finding, orNull, 2)}\n`;
    case "markdown":
      return renderMarkdown(documentOf(finding), markerOf(finding));
    case "text":
    case "coloured":
      return renderText(documentOf(finding), format === "coloured");
  }
}

/** What is not there is null: every document has the same keys. */
function orNull(_: string, value: unknown): unknown {
  return value === undefined ? null : value;
}

/** A plan that fails takes the place of the plan before it; a report is a comment of its own. */
function markerOf({ kind, stack }: Finding): string {
  return `${kind === "report" ? "updraft-report" : "updraft-plan"}:${stack}`;
}

function documentOf(finding: Finding): Document {
  switch (finding.kind) {
    case "plan":
      return planDocument(finding);
    case "report":
      return reportDocument(finding.stack, finding);
    case "failure":
      return failureDocument(finding);
  }
}

function failureDocument({ stack, failure, now }: Extract<Finding, { kind: "failure" }>): Document {
  const serves = now.serving ? `; version ${now.serving.version} serves on` : "";
  return {
    title: `Plan of ${stack}`,
    sections: [
      {
        title: "An update cannot work",
        blocks: [
          { kind: "quotation", text: failure },
          paragraph(`Nothing has been changed${serves}.`),
        ],
      },
    ],
  };
}
