import type { Digest } from "@updraft/contracts/digest";
import type { RequestHandler, Response } from "express";
import type { ModelRepository } from "../models/model-repository.ts";
import type { ServedModel } from "../models/served-model.ts";
import type { Batch } from "../protocols/instances.ts";
import { requestIdOf } from "../request-id.ts";
import { driftBaseline } from "./drift-baseline.ts";
import { DriftWindow } from "./drift-window.ts";
import { LiveAccuracy } from "./live-accuracy.ts";
import { classesOf, predictedClasses } from "./predicted-classes.ts";
import { RecentPredictions } from "./recent-predictions.ts";

/** Predictions that are kept for the truth about them, and how many truths make the accuracy. */
const recentPredictions = 10_000;
const recentTruths = 1_000;

/** Versions that are kept, of all models together. */
const mostVersions = 16;

/** What is known of one version of a model since it began to answer. */
export interface WatchedVersion {
  readonly model: string;
  readonly version: string;
  readonly digest: Digest;
  /** Names of its classes; nothing of a model that estimates values. */
  readonly labels: readonly string[] | undefined;
  readonly accuracy: LiveAccuracy;
  /** Nothing of a package that says nothing of its training data. */
  readonly drift: DriftWindow | undefined;
}

/** What a server remembers of its last answers, all of it in memory and none of it an input. */
export class Watching {
  readonly recent = new RecentPredictions(recentPredictions);
  readonly #versions = new Map<string, WatchedVersion>();

  /** Those that were asked, the last one last; some of them may answer no longer. */
  get versions(): readonly WatchedVersion[] {
    return [...this.#versions.values()];
  }

  /** Those that answer now: what serves, and what takes a share beside it. */
  answering({ slots }: Pick<ModelRepository, "slots">): WatchedVersion[] {
    return slots
      .flatMap(({ active, candidate }) => [active, candidate?.model])
      .flatMap((served) => (served ? this.versionOf(served) : []));
  }

  /** Takes note of what a model has answered to the instances of a request. */
  note(response: Response, served: ServedModel, { values, size }: Batch, answers: Float32Array) {
    const watched = this.versionOf(served);
    const { model, version, labels, accuracy } = watched;
    const predicted = labels ? predictedClasses(answers, labels.length) : undefined;
    watched.drift?.note(values, predicted ?? answers, size);
    if (!labels || !predicted) return;
    const id = requestIdOf(response);
    this.recent.remember(id, { model, version, labels, predicted, accuracy });
  }

  /** What is known of a version, which is nothing yet if it was not asked before. */
  versionOf(served: ServedModel): WatchedVersion {
    const { name: model, version, content } = served;
    const key = JSON.stringify([model, version, content.digest]);
    const known = this.#versions.get(key);
    // Behind the others again: what makes room is what was not asked for longest.
    this.#versions.delete(key);
    if (known) {
      this.#versions.set(key, known);
      return known;
    }
    const baseline = driftBaseline(served);
    const created = {
      model,
      version,
      digest: content.digest,
      labels: classesOf(served.output),
      accuracy: new LiveAccuracy(recentTruths),
      drift: baseline && new DriftWindow(baseline),
    };
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
