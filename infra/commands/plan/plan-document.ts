import { list, paragraph, table, type Block, type Document } from "./document.ts";
import { code, measured, shortDigest, span } from "./format-values.ts";
import type { RuleAhead } from "./gate-ahead.ts";
import { infrastructureBlocks } from "./infrastructure-blocks.ts";
import type { InfrastructureChanges } from "./infrastructure-changes.ts";
import type { ModelPlan } from "./model-plan.ts";
import { nowSection } from "./report-document.ts";
import type { Report } from "./report.ts";
import type { RolloutAhead } from "./rollout-ahead.ts";
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
  const { action, summary, changes, reasons, source, duration, rollout } = model;
  const there =
    action === "stay" || !source?.metrics ? "" : measuresOf(source.metrics, source.intervals);
  return [
    paragraph(summary, action === "stay" ? "quiet" : "good"),
    ...list([...changes.map(({ text }) => text), ...reasons]),
    ...(there === "" || !source ? [] : [paragraph(`In ${code(source.stack)} it has ${there}.`)]),
    paragraph(rolloutInWords(rollout, model)),
    ...(duration
      ? [
          paragraph(
            `It takes about ${span(duration.seconds)}, as the last ${duration.updates === 1 ? "update" : `${duration.updates} updates`} of this kind did${duration.updates === 1 ? "" : " (median)"}.`,
          ),
        ]
      : []),
  ];
}

function rolloutInWords(rollout: RolloutAhead, { action, gate, isRepeat }: ModelPlan): string {
  const { outcome, before, after, because, url } = rollout;
  const where = url === undefined ? "" : ` at ${url}`;
  const own = because.length === 0 ? "" : ` (${because.map(code).join(", ")})`;
  const isJudged = action === "train" || action === "promote";
  const condition = isJudged ? (gate.length > 0 ? "If the gate lets it pass, " : "Then ") : "";
  const digest = before === undefined ? "" : code(shortDigest(before));
  switch (outcome) {
    case "first":
      return `${condition}${condition === "" ? "The" : "the"} server starts${where}.`;
    case "none":
      return `Nothing rolls out${before === undefined ? "" : `: the digest stays ${digest}`}.`;
    case "certain":
    case "if-released": {
      const what =
        after === undefined || after === before
          ? ""
          : `: digest ${digest} → ${code(shortDigest(after))}`;
      return `${condition}${condition === "" ? "The" : "the"} server${where} is rolled out${what}${own}.`;
    }
    case "if-digest-changes": {
      const opening = isJudged ? `${condition}the` : "The";
      const same = isRepeat ? " The same inputs make the same digest as a rule." : "";
      return `${opening} server${where} is rolled out, unless the digest is ${digest} again.${same}`;
    }
  }
}

function gateBlocks(rules: readonly RuleAhead[], { serving }: Report): Block[] {
  const rows = rules.map((rule) => {
    const was = rule.isChanged
      ? ` (${rule.before === undefined ? "new" : `was ${rule.before}`})`
      : "";
    const own = rule.champion === undefined ? "" : measured(rule.measure, rule.champion);
    const verdict = { true: "passes", false: "would fail", undefined: "" }[
      String(rule.championPasses)
    ];
    const row = [code(`${rule.rule} ${rule.limit}`) + was, rule.text];
    return serving ? [...row, [own, verdict].filter(Boolean).join(", ")] : row;
  });
  const head = ["rule", "asks for"];
  return table(serving ? [...head, `version ${serving.version} now`] : head, rows);
}
