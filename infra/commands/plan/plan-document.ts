import { list, paragraph, table, type Block, type Document } from "./document.ts";
import type { ExpectedDuration } from "./durations.ts";
import { code, measured, span } from "./format-values.ts";
import type { RuleAhead } from "./gate-ahead.ts";
import { infrastructureBlocks } from "./infrastructure-blocks.ts";
import type { InfrastructureChanges } from "./infrastructure-changes.ts";
import type { ModelPlan } from "./model-plan.ts";
import { nowSection } from "./report-document.ts";
import type { Report } from "./report.ts";
import { rolloutInWords } from "./rollout-words.ts";
import { measuresOf } from "./serving-blocks.ts";

/** All that is known of what an update would do. */
export interface Plan {
  readonly stack: string;
  /** Nothing where the preview does not say where a release would come from. */
  readonly model: ModelPlan | undefined;
  readonly infrastructure: InfrastructureChanges;
  readonly now: Report;
  /** What the program and the engine warn of. */
  readonly warnings: readonly string[];
}

/** What an update would do, for people: the model first. */
export function planDocument({ stack, model, infrastructure, now, warnings }: Plan): Document {
  const rules = model?.gate ?? [];
  const gate =
    rules.length === 0 ? [] : [{ title: "The gate ahead", blocks: gateBlocks(rules, now) }];
  const warned = warnings.map((text): Block => ({ kind: "quotation", text }));
  return {
    title: `Plan of ${stack}`,
    sections: [
      ...(model ? [{ title: "The model", blocks: modelBlocks(model) }] : []),
      ...gate,
      { title: "Infrastructure", blocks: infrastructureBlocks(infrastructure) },
      nowSection(now),
      ...(warned.length === 0 ? [] : [{ title: "Warnings", blocks: warned }]),
    ],
  };
}

function modelBlocks(model: ModelPlan): Block[] {
  const { action, summary, changes, reasons, source, duration } = model;
  const there =
    action === "stay" || !source?.metrics ? "" : measuresOf(source.metrics, source.intervals);
  return [
    paragraph(summary, action === "stay" ? "quiet" : "good"),
    ...list([...changes.map(({ text }) => text), ...reasons]),
    ...(there === "" || !source ? [] : [paragraph(`In ${code(source.stack)} it has ${there}.`)]),
    paragraph(rolloutInWords(model)),
    ...(duration ? [paragraph(durationInWords(duration))] : []),
  ];
}

function durationInWords({ seconds, updates }: ExpectedDuration): string {
  const did =
    updates === 1 ? "the last update of this kind" : `the last ${updates} updates of this kind`;
  return `It takes about ${span(seconds)}, as ${did} did${updates === 1 ? "" : " (median)"}.`;
}

function gateBlocks(rules: readonly RuleAhead[], { serving }: Report): Block[] {
  const rows = rules.map((rule) => {
    const row = [code(`${rule.rule} ${rule.limit}`) + changeInWords(rule), rule.text];
    return serving ? [...row, championInWords(rule)] : row;
  });
  const head = ["rule", "asks for"];
  return table(serving ? [...head, `version ${serving.version} now`] : head, rows);
}

function changeInWords({ isChanged, before }: RuleAhead): string {
  if (!isChanged) return "";
  return before === undefined ? " (new)" : ` (was ${before})`;
}

function championInWords({ measure, champion, championPasses }: RuleAhead): string {
  if (champion === undefined) return "";
  return `${measured(measure, champion)}, ${championPasses ? "passes" : "would fail"}`;
}
