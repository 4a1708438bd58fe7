import { Counter, Histogram, type Registry } from "prom-client";
import type { ModelLabels } from "./metrics.ts";

/** What counts how a candidate does in the shadow. */
export interface CandidateCounts {
  /** Counts instances that both have answered, and the time that the candidate took for them. */
  compared(agreeing: number, disagreeing: number, seconds: number): void;
  /** Counts a request that the candidate failed. */
  failed(): void;
  /** Counts a request that it was not asked, as too many waited already. */
  dropped(): void;
}

/** Whose series they are: of the model that serves, and the candidate's version. */
export interface CandidateLabels extends ModelLabels {
  readonly candidate: string;
}

const labelNames = ["model", "version", "candidate"] as const;
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Gives what counts for one candidate after another. */
export function createCandidateMetrics(
  registers: Registry[],
): (labels: CandidateLabels) => CandidateCounts {
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames, registers });
  const agreement = new Counter({
    name: "candidate_agreement_total",
    help: "Instances that a candidate in the shadow has answered, by whether it agreed.",
    labelNames: [...labelNames, "agrees"],
    registers,
  });
  const errors = counter("candidate_errors_total", "Requests that a candidate failed, unseen.");
  const dropped = counter(
    "candidate_dropped_total",
    "Requests that a candidate was not asked, as too many waited.",
  );
  const latency = new Histogram({
    name: "candidate_latency_seconds",
    help: "How long a candidate in the shadow took for a request, waiting included.",
    labelNames,
    buckets,
    registers,
  });
  return (given) => {
    const labels = { ...given };
    const compared = (agreeing: number, disagreeing: number) => {
      agreement.inc({ ...labels, agrees: "true" }, agreeing);
      agreement.inc({ ...labels, agrees: "false" }, disagreeing);
    };
    // A rate needs a first value.
    compared(0, 0);
    for (const each of [errors, dropped]) each.inc(labels, 0);
    return {
      compared(agreeing, disagreeing, seconds) {
        compared(agreeing, disagreeing);
        latency.observe(labels, seconds);
      },
      failed: () => errors.inc(labels),
      dropped: () => dropped.inc(labels),
    };
  };
}
