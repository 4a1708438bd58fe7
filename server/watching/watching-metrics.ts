import { Counter, Gauge, type Registry } from "prom-client";
import type { ModelLabels } from "./metrics.ts";
import type { Watching } from "./watching.ts";

/** What counts the truths that are told. */
export interface WatchingMetrics {
  /** Counts a truth about a prediction. */
  tells(served: ModelLabels, isCorrect: boolean): void;
}

/** What is known of the versions that answer, as a scraper is told it. */
export function createWatchingMetrics(
  registers: Registry[],
  watching: Pick<Watching, "versions">,
): WatchingMetrics {
  const labelNames = ["model", "version"] as const;
  const feedback = new Counter({
    name: "feedback_total",
    help: "Predictions whose truth was told, by whether they were right.",
    labelNames: [...labelNames, "correct"],
    registers,
  });
  // Read when it is scraped: a version that made room for others is in it no more.
  const liveAccuracy = new Gauge({
    name: "live_accuracy",
    help: "Share of right ones among the last predictions whose truth was told.",
    labelNames,
    registers: [],
    collect() {
      this.reset();
      for (const { model, version, accuracy } of watching.versions) {
        if (accuracy.value !== undefined) this.set({ model, version }, accuracy.value);
      }
    },
  });
  for (const registry of registers) registry.registerMetric(liveAccuracy);
  return {
    tells(served, isCorrect) {
      feedback.inc({ ...served, correct: String(isCorrect) });
    },
  };
}
