import type { PromotedFrom } from "@updraft/contracts/evidence";
import { mainMeasures } from "@updraft/contracts/rule-facts";
import type { Beside } from "./besides.ts";
import { table, type Block } from "./document.ts";
import {
  code,
  difference,
  instant,
  interval,
  measured,
  measureName,
  shortDigest,
} from "./format-values.ts";
import type { Serving } from "./report.ts";

/** `The champion, digits version 4 (1f2e3d4c), serves at http://127.0.0.1:8080.` */
export function servingInWords({ model, version, digest, url }: Serving): string {
  const where = url === undefined ? "" : ` at ${url}`;
  return `The champion, ${model} version ${version} (${code(shortDigest(digest))}), serves${where}.`;
}

/** That it is pinned, and why, where it is. */
export function pinInWords({ pin }: Serving): string[] {
  if (pin === undefined) return [];
  return [`it is pinned${pin.reason === undefined ? "" : `: ${code(pin.reason)}`}`];
}

/** Those that a gate may be about, which come first. */
const chief = [
  "accuracy",
  "f1",
  "minRecallPerClass",
  "r2",
  "rmse",
  "mae",
  "latencyP95Ms",
  "sizeBytes",
];

/** The measures that a gate may be about, in a sentence; empty where there are none. */
export function measuresInWords({ metrics, intervals }: Serving): string {
  const told = measuresOf(metrics, intervals);
  return told === "" ? "" : `It has ${told}.`;
}

/** `accuracy 0.9912 (95 %: 0.9894 to 0.9927), F1 0.9911`. */
export function measuresOf(metrics: Serving["metrics"], intervals: Serving["intervals"]): string {
  const told = chief.flatMap((measure) => {
    const value = metrics[measure];
    if (value === undefined) return [];
    const bounds = intervals?.[measure];
    const between = bounds ? ` (95 %: ${interval(measure, bounds)})` : "";
    return [`${measureName(measure)} ${measured(measure, value)}${between}`];
  });
  return told.join(", ");
}

/** All measures, with their intervals and beside the version that served before where known. */
export function measuresTable(
  { metrics, intervals }: Pick<Serving, "metrics" | "intervals">,
  beside: Beside | undefined,
): Block[] {
  const known = new Map(beside?.measures.map((found) => [found.measure, found]));
  const names = [...new Set([...chief, ...Object.keys(metrics)])];
  const rows = names.flatMap((measure) => {
    const value = metrics[measure];
    if (value === undefined) return [];
    const [bounds, other] = [intervals?.[measure], known.get(measure)];
    const more = other?.difference;
    return [
      [
        measureName(measure),
        measured(measure, value),
        bounds ? interval(measure, bounds) : "",
        other?.before === undefined ? "" : measured(measure, other.before),
        more ? `${difference(measure, more.value)} (${interval(measure, more)})` : "",
      ],
    ];
  });
  const before = `version ${beside?.version} before`;
  return filledTable(["measure", "value", "95 % interval", before, "difference (95 %)"], rows);
}

/** A table without the columns that nothing stands in. */
function filledTable(head: readonly string[], rows: readonly (readonly string[])[]): Block[] {
  const isFilled = head.map((_, column) => rows.some((row) => row[column] !== ""));
  const filled = (row: readonly string[]) => row.filter((_, column) => isFilled[column]);
  return table(filled(head), rows.map(filled));
}

/** Where a package was released first, and how it did there. */
export function originInWords({ stack, version, releasedAt, metrics }: PromotedFrom): string {
  const when = releasedAt === undefined ? "" : `, released there ${instant(releasedAt)}`;
  const main = Object.values(mainMeasures).find((measure) => metrics[measure] !== undefined);
  const there = main ? `, ${measureName(main)} there ${measured(main, metrics[main] ?? 0)}` : "";
  return `promoted from version ${version} of ${code(stack)}${when}${there}`;
}
