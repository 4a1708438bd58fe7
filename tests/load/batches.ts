import { createHash } from "node:crypto";

/** One value as it is sent and as it comes back. */
export interface LoggedMetric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

/** What one request logs. */
export interface Batch {
  readonly metrics: readonly LoggedMetric[];
  readonly params: readonly { readonly key: string; readonly value: string }[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** Names of the metrics in each batch. */
export const metricKeys = ["accuracy", "f1", "loss", "seconds"];

/** Values of each metric in a batch. */
export const stepsPerBatch = 5;

/**
 * A client's batch: all of it follows from two numbers, so that what is there at the end can be
 * compared with what was acknowledged without keeping it. Every value is a whole number, so that
 * sums are exact in every order.
 * @param index from 0
 */
export function batchOf(client: number, index: number): Batch {
  return {
    metrics: metricKeys.flatMap((key, metric) =>
      Array.from({ length: stepsPerBatch }, (_, step) => ({
        key,
        value: (client * 7919 + index * 104_729 + metric * 31 + step) % 1_000_003,
        timestamp: 1_750_000_000_000 + index,
        step: index * stepsPerBatch + step,
      })),
    ),
    // A param stays as it is however often it is logged.
    params: [{ key: `batch-${index % 20}`, value: `client-${client}` }],
    tags: [{ key: "batches", value: String(index + 1) }],
  };
}

/** What a client has logged, in figures that are equal only if nothing is lost, doubled or changed. */
export interface Tally {
  readonly metrics: number;
  readonly params: number;
  /** Value of the tag that each batch sets anew; empty if there is none. */
  readonly batches: string;
  /** SHA-256 over every value with its key, step and timestamp. */
  readonly checksum: string;
}

/** What is there once a number of batches are. */
export function tallyOfBatches(client: number, count: number): Tally {
  const batches = Array.from({ length: count }, (_, index) => batchOf(client, index));
  return {
    metrics: count * metricKeys.length * stepsPerBatch,
    params: Math.min(count, 20),
    batches: count === 0 ? "" : String(count),
    checksum: checksum(batches.flatMap(({ metrics }) => metrics)),
  };
}

/** The same for any values in any order. */
export function checksum(metrics: readonly LoggedMetric[]): string {
  const hash = createHash("sha256");
  const lines = metrics.map(
    ({ key, value, timestamp, step }) => `${key} ${step} ${value} ${timestamp}\n`,
  );
  for (const line of lines.toSorted()) hash.update(line);
  return hash.digest("hex");
}
