import type { Interval } from "@updraft/contracts/interval";
import type { Release } from "@updraft/contracts/release";
import { code, difference, interval, measureName } from "./format-values.ts";

/** One measure of two versions, on the same test split. */
export interface MeasureBeside {
  readonly measure: string;
  readonly value: number;
  readonly interval: Interval | undefined;
  /** Of the version that served before. */
  readonly before: number | undefined;
  /** What the new version has more, with its interval. */
  readonly difference: ({ readonly value: number } & Interval) | undefined;
  /** Whether the interval of the difference leaves out 0. */
  readonly isMoreThanNoise: boolean | undefined;
}

/** A version beside the one that served before. */
export interface Beside {
  readonly version: string;
  readonly digest: string;
  readonly isSamePackage: boolean;
  readonly measures: readonly MeasureBeside[];
  /** For people: whether the difference is more than noise. */
  readonly verdict: string;
}

/** What is known of a release beside the version that served before; nothing if there was none. */
export function besides({ digest, metrics, intervals, comparison }: Release): Beside | undefined {
  if (comparison === undefined) return undefined;
  const measures = Object.entries(metrics).map(([measure, value]): MeasureBeside => {
    const found = comparison.differences[measure];
    return {
      measure,
      value,
      interval: intervals?.[measure],
      before: comparison.metrics[measure],
      difference: found,
      isMoreThanNoise: found && leavesOutZero(found),
    };
  });
  const isSamePackage = comparison.digest === digest;
  return {
    version: comparison.version,
    digest: comparison.digest,
    isSamePackage,
    measures,
    verdict: isSamePackage
      ? `It is the package that served before, as version ${comparison.version}.`
      : verdictOf(comparison.version, measures),
  };
}

function leavesOutZero({ low, high }: Interval): boolean {
  return low > 0 || high < 0;
}

function verdictOf(version: string, measures: readonly MeasureBeside[]): string {
  const told = measures.flatMap(({ measure, difference: found, isMoreThanNoise }) => {
    if (found === undefined) return [];
    const bounds = `${code(difference(measure, found.value))} (95 % interval ${interval(measure, found)}`;
    const name = measureName(measure);
    return isMoreThanNoise
      ? `${name} is ${found.value > 0 ? "higher" : "lower"} by more than noise: ${bounds})`
      : `the difference in ${name} may be noise: ${bounds}, with 0 in it)`;
  });
  if (told.length === 0) return `How it differs from version ${version} has not been measured.`;
  return `Beside version ${version}, ${told.join("; ")}.`;
}
