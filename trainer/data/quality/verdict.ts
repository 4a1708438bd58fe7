import type { Limits } from "@updraft/models/quality";
import type { CheckVerdict, QualityCheck } from "./report.ts";

/** How many rows of a check are named: enough to see what they have in common. */
const mostRows = 10;

/** What a check has found. */
export interface Finding {
  readonly check: string;
  readonly value: number;
  readonly limits: Limits;
  /** On which side of its limits the value has to be. @default "most" */
  readonly side?: "most" | "least";
  readonly message: string;
  /** Every row it is about, in the order of the dataset. */
  readonly rows?: Iterable<string>;
  /** How many rows those are. */
  readonly affected?: number;
}

/** A check with its verdict: of the limits that are passed, the severer one decides. */
export function verdictOn(finding: Finding): QualityCheck {
  const { check, value, limits, side = "most", message, rows = [], affected = 0 } = finding;
  const isBeyond = (limit: number | undefined) =>
    limit !== undefined && (side === "most" ? value > limit : value < limit);
  const [verdict, limit]: [CheckVerdict, number | undefined] = isBeyond(limits.fail)
    ? ["failed", limits.fail]
    : isBeyond(limits.warn)
      ? ["warned", limits.warn]
      : ["passed", limits.warn ?? limits.fail];
  return {
    check,
    value,
    ...(limit === undefined ? {} : { limit }),
    verdict,
    affected,
    rows: [...Iterator.from(rows).take(mostRows)],
    message,
  };
}

/** A check that cannot be made. */
export function skipped(check: string, message: string): QualityCheck {
  return { check, verdict: "skipped", affected: 0, rows: [], message };
}

/** `3 of 1,000 training examples`. */
export function amongst(count: number, all: number, what: string): string {
  return `${count.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} ${what}`;
}

/** Five digits behind the point at most. */
export function shortNumber(value: number): string {
  return String(Number(value.toFixed(5)));
}
