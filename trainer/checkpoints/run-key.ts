import { digestOf, type Digest } from "@updraft/contracts/digest";

/** What decides a training's weights to the bit, and where they are wanted. */
export interface RunInputs {
  readonly model: string;
  /** Names the content of the dataset. */
  readonly datasetFingerprint: string;
  readonly codeDigest: Digest;
  readonly hyperparameters: object;
  readonly seed: number;
  /** The package whose weights it begins with. */
  readonly warmStart: Digest | undefined;
  /** What computes: another processor rounds in another way. */
  readonly device: string;
  /** The stack that it trains for: the name that stays when an update starts a new Job. */
  readonly stack: string | undefined;
}

/**
 * Names a training: who trains the same thing again for the same stack goes on where the last one
 * was. The name of a Job or a process is no part of it, for a failed one is followed by another
 * with a new name.
 * @see decisions/031-a-training-is-named-by-its-inputs.md
 */
export function runKey(inputs: RunInputs): Digest {
  return digestOf(JSON.stringify(ordered(inputs)));
}

/** The same value with the keys of every object in order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, ordered(entry)]),
  );
}
