import { textTable } from "@updraft/contracts/text-table";
import type { Evidence } from "./evidence.ts";

/**
 * Every measure as a table for a terminal, with its interval and beside the champion where that is
 * known.
 */
export function evaluationTable(
  metrics: Readonly<Record<string, number>>,
  { intervals, comparison }: Evidence,
): string {
  const head = ["measure", "value", "95 % interval"];
  const beside = comparison ? [`version ${comparison.version}`, "difference (95 %)"] : [];
  const rows = Object.entries(metrics).map(([measure, value]) => {
    const [bounds, before] = [intervals[measure], comparison?.metrics[measure]];
    const more = comparison?.differences[measure];
    return [
      measure,
      shown(value),
      bounds ? `${shown(bounds.low)} to ${shown(bounds.high)}` : "",
      ...(comparison ? [before === undefined ? "" : shown(before)] : []),
      ...(more
        ? [
            `${more.value < 0 ? "" : "+"}${shown(more.value)} (${shown(more.low)} to ${shown(more.high)})`,
          ]
        : []),
    ];
  });
  return textTable([[...head, ...beside], ...rows]);
}

/** Sizes are whole; all else has four places, or four digits where it is large. */
function shown(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) > 1) return String(value);
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : value.toFixed(4);
}
