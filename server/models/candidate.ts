import { createHash } from "node:crypto";
import { HttpError } from "@updraft/contracts/http-error";
import type { TensorSpec } from "@updraft/contracts/signature";
import type { Logger } from "pino";
import type { Batch } from "../protocols/instances.ts";
import type { CandidateCounts } from "../watching/candidate-metrics.ts";
import { classesOf, predictedClasses } from "../watching/predicted-classes.ts";
import type { ServedModel } from "./served-model.ts";

/** By how much values may differ that agree, of the larger of 1 and the first one. */
const tolerance = 1e-3;

/** What a candidate is to do. */
export interface CandidateOptions {
  /** In silence beside the model that serves, or in its place. */
  readonly mode: "shadow" | "canary";
  /** Of all requests, from 0 to 1. */
  readonly share: number;
  readonly counts: CandidateCounts;
  readonly logger: Logger;
}

/** A second package, which shows what it would answer before it serves. */
export class Candidate {
  readonly model: ServedModel;
  readonly mode: CandidateOptions["mode"];
  readonly #options: CandidateOptions;
  #hasFailed = false;

  constructor(model: ServedModel, options: CandidateOptions) {
    this.model = model;
    this.mode = options.mode;
    this.#options = options;
  }

  /** Whether a request is one of its share; the same id always is, or never. */
  takes(requestId: string): boolean {
    return lotOf(this.model.content.digest, requestId) < this.#options.share;
  }

  /** Answers what was answered already, and counts how often it agrees. Never fails. */
  async compare(batch: Batch, answers: Float32Array): Promise<void> {
    const { counts, logger } = this.#options;
    const started = performance.now();
    try {
      const own = await this.model.predict(batch);
      const agreeing = agreements(this.model.output, answers, own, batch.size);
      counts.compared(agreeing, batch.size - agreeing, (performance.now() - started) / 1000);
    } catch (error) {
      if (error instanceof HttpError && error.status === 503) {
        counts.dropped();
        return;
      }
      counts.failed();
      if (!this.#hasFailed) logger.warn({ err: error }, "the candidate failed for the first time");
      this.#hasFailed = true;
    }
  }
}

/**
 * A number from 0 to 1 for a request, which looks random and is the same each time.
 * @param seed what draws the lots; another one draws others
 */
export function lotOf(seed: string, requestId: string): number {
  const hash = createHash("sha256").update(`${seed} ${requestId}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32;
}

/**
 * How many instances two models answer alike: with the same class where the output has labels,
 * otherwise with the same values.
 */
export function agreements(
  output: TensorSpec,
  first: Float32Array,
  second: Float32Array,
  size: number,
): number {
  const labels = classesOf(output);
  if (labels) {
    const [one, other] = [first, second].map((each) => predictedClasses(each, labels.length));
    return (one ?? []).filter((index, row) => index === other?.[row]).length;
  }
  const length = first.length / size;
  const isAlike = (value: number, index: number) =>
    Math.abs(value - (second[index] ?? Number.NaN)) <= tolerance * Math.max(1, Math.abs(value));
  return Array.from({ length: size }, (_, row) => row * length).filter((start) =>
    first.subarray(start, start + length).every((value, index) => isAlike(value, start + index)),
  ).length;
}

/**
 * Checks that a candidate can answer what the model that serves is asked.
 * @throws if it takes or gives something else
 */
export function checkFits(candidate: ServedModel, active: ServedModel): void {
  for (const side of ["input", "output"] as const) {
    const [own, other] = [candidate[side], active[side]].map(shownTensor);
    if (own === other) continue;
    throw new Error(
      `version ${candidate.version} has the ${side} ${own}, and version ${active.version}, which serves, ${other}; a candidate must have the same`,
    );
  }
}

function shownTensor({ name, datatype, shape, labels }: TensorSpec): string {
  const names = labels ? ` of ${labels.join(", ")}` : "";
  return `"${name}": ${datatype} [${shape.join(", ")}]${names}`;
}
