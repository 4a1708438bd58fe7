import { quantile, type Seen } from "./repeat.ts";

/** What each contestant did, by its name, in the order of the columns; the last one is the peer. */
export type Row<Value> = ReadonlyMap<string, Value>;

const firstColumn = 42;
const column = 31;

/** The heading of a table with a column for each contestant. */
export function heading(names: readonly string[]): string {
  return line("", names, "");
}

/** Requests each second, median and 95th percentile, and how many times the peer's throughput. */
export function throughputLine(what: string, row: Row<Seen>): string {
  const cells = [...row.values()].map((seen) => {
    const [p50, p95] = [0.5, 0.95].map((share) => rounded(quantile(seen.times, share)));
    const errors = seen.errors.length > 0 ? ` ${seen.errors.length} errors` : "";
    return `${rounded(perSecond(seen))}/s ${p50} ${p95} ms${errors}`;
  });
  return line(what, cells, ratios([...row.values()].map(perSecond), "higher"));
}

/** One value of each, and how many times the peer's it is. */
export function valueLine(
  what: string,
  row: Row<number>,
  { unit, better }: { unit: string; better: "higher" | "lower" },
): string {
  const cells = [...row.values()].map((value) => `${rounded(value)} ${unit}`);
  return line(what, cells, ratios([...row.values()], better));
}

function perSecond({ times, seconds }: Seen): number {
  return times.length / seconds;
}

/** How many times better each is than the last one, which is the peer. */
function ratios(values: readonly number[], better: "higher" | "lower"): string {
  const peer = values.at(-1) ?? Number.NaN;
  return values
    .slice(0, -1)
    .map((value) => (better === "higher" ? value / peer : peer / value))
    .map((ratio) => `${rounded(ratio)}x`)
    .join(" ");
}

function line(what: string, cells: readonly string[], end: string): string {
  return [what.padEnd(firstColumn), ...cells.map((cell) => cell.padEnd(column)), end].join("");
}

/** Three digits that count. */
function rounded(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 10 ? 1 : 2);
}
