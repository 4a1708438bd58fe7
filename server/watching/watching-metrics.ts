import { Counter, Gauge, type Registry } from "prom-client";
import type { ModelLabels } from "./metrics.ts";
import type { WatchedVersion } from "./watching.ts";

/** What counts the truths that are told. */
export interface WatchingMetrics {
  /** Counts a truth about a prediction. */
  tells(served: ModelLabels, isCorrect: boolean): void;
}

/**
 * What is known of the versions that answer, as a scraper is told it.
 * @param versions those that answer now: of others nobody needs an alarm
 */
export function createWatchingMetrics(
  registers: Registry[],
  versions: () => readonly WatchedVersion[],
): WatchingMetrics {
  const feedback = new Counter({
    name: "feedback_total",
    help: "Predictions whose truth was told, by whether they were right.",
    labelNames: ["model", "version", "correct"],
    registers,
  });
  const gauges = [...accuracyGauges(versions), ...driftGauges(versions)];
  for (const registry of registers) {
    for (const one of gauges) registry.registerMetric(one);
  }
  return {
    tells(served, isCorrect) {
      feedback.inc({ ...served, correct: String(isCorrect) });
    },
  };
}

function accuracyGauges(versions: () => readonly WatchedVersion[]): Gauge[] {
  return [
    gauge("live_accuracy", "Share of right ones among the last 1,000 known truths.", function* () {
      for (const { model, version, accuracy } of versions()) {
        yield [{ model, version }, accuracy.value];
      }
    }),
  ];
}

function driftGauges(versions: () => readonly WatchedVersion[]): Gauge[] {
  const measures = { psi: "population stability index", ks: "Kolmogorov-Smirnov distance" };
  return [
    gauge("drift_window_instances", "Instances that the drift metrics are of.", function* () {
      for (const { model, version, drift } of versions()) {
        yield [{ model, version }, drift?.instances];
      }
    }),
    ...(["psi", "ks"] as const).flatMap((measure) => [
      gauge(
        `input_drift_${measure}`,
        `Inputs now and in training: ${measures[measure]}.`,
        function* () {
          for (const { model, version, drift } of versions()) {
            for (const input of drift?.inputs() ?? []) {
              yield [{ model, version, feature: input.name }, input[measure]];
            }
          }
        },
      ),
      gauge(
        `prediction_drift_${measure}`,
        `Predictions now and true labels in training: ${measures[measure]}.`,
        function* () {
          for (const { model, version, drift } of versions()) {
            yield [{ model, version }, drift?.predictions()?.[measure]];
          }
        },
      ),
    ]),
  ];
}

/** A series, and its value if it has one. */
type Sample = readonly [labels: Record<string, string>, value: number | undefined];

/** A gauge that is read when it is scraped, so that what is gone is in it no more. */
function gauge(name: string, help: string, samples: () => Iterable<Sample>): Gauge {
  return new Gauge({
    name,
    help,
    labelNames: ["model", "version", "feature"],
    registers: [],
    collect() {
      this.reset();
      for (const [labels, value] of samples()) if (value !== undefined) this.set(labels, value);
    },
  });
}
