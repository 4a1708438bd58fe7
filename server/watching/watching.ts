import type { RequestHandler, Response } from "express";
import type { ServedModel } from "../models/served-model.ts";
import type { Batch } from "../protocols/instances.ts";
import { requestIdOf } from "../request-id.ts";
import { LiveAccuracy } from "./live-accuracy.ts";
import { classesOf, predictedClasses } from "./predicted-classes.ts";
import { RecentPredictions } from "./recent-predictions.ts";

/** Predictions that are kept for the truth about them, and how many truths make the accuracy. */
const recentPredictions = 10_000;
const recentTruths = 1_000;

/** Versions that are kept, of all models together; others made room for them. */
const mostVersions = 16;

/** What is known of one version of a model since it began to answer. */
export interface WatchedVersion {
  readonly model: string;
  readonly version: string;
  readonly accuracy: LiveAccuracy;
}

/** What a server remembers of its last answers, all of it in memory and none of it an input. */
export class Watching {
  readonly recent = new RecentPredictions(recentPredictions);
  readonly #versions = new Map<string, WatchedVersion>();

  /** In the order in which they were first asked. */
  get versions(): readonly WatchedVersion[] {
    return [...this.#versions.values()];
  }

  /** Takes note of what a model has answered to the instances of a request. */
  note(response: Response, served: ServedModel, _batch: Batch, answers: Float32Array): void {
    const { name: model, version, output } = served;
    const labels = classesOf(output);
    if (!labels) return;
    const predicted = predictedClasses(answers, labels.length);
    this.recent.remember(requestIdOf(response), { model, version, labels, predicted });
  }

  /** What is known of a version, which is nothing yet if it was not asked before. */
  versionOf(model: string, version: string): WatchedVersion {
    const key = JSON.stringify([model, version]);
    const known = this.#versions.get(key);
    if (known) return known;
    const created = { model, version, accuracy: new LiveAccuracy(recentTruths) };
    this.#versions.set(key, created);
    const [oldest] = this.#versions.keys();
    if (this.#versions.size > mostVersions && oldest !== undefined) this.#versions.delete(oldest);
    return created;
  }
}

/** Lets the routes behind it find what takes note of their answers. */
export function watchedBy(watching: Watching): RequestHandler {
  return (_request, response, next) => {
    response.locals["watching"] = watching;
    next();
  };
}

/** What takes note of the answers to a request, where something does. */
export function watchingOf(response: Response): Watching | undefined {
  return response.locals["watching"];
}
