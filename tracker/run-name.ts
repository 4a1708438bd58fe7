import { randomInt } from "node:crypto";
import { invalidParameter } from "./mlflow-error.ts";
import type { Tag } from "./store/experiments.ts";

/** A name for something that was given none, such as `calm-heron-417`. */
export function generatedName(): string {
  return `${pick(moods)}-${pick(birds)}-${randomInt(1000)}`;
}

/**
 * The name of a new run: the one that was given, as a field or as a tag, or one that is made up.
 * @throws {HttpError} 400 if the two differ
 */
export function runNameFor(given: string, tags: readonly Tag[]): string {
  const tagged = tags.findLast(({ key }) => key === "mlflow.runName")?.value;
  if (given && tagged && given !== tagged) {
    throw invalidParameter(
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${given}', mlflow.runName='${tagged}').`,
    );
  }
  return given || tagged || generatedName();
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? "";
}

// prettier-ignore
const moods = [
  "able", "agile", "brave", "bright", "calm", "clear", "clever", "curious", "daring", "eager",
  "early", "fair", "fleet", "gentle", "glad", "keen", "kind", "lively", "lucky", "merry",
  "nimble", "patient", "proud", "quick", "quiet", "rapid", "ready", "sharp", "steady", "swift",
  "tidy", "wise",
] as const;

// prettier-ignore
const birds = [
  "buzzard", "condor", "crane", "crow", "dove", "dunlin", "eagle", "falcon", "finch", "gannet",
  "goose", "gull", "hawk", "heron", "hobby", "ibis", "jay", "kestrel", "kite", "lark", "martin",
  "merlin", "osprey", "owl", "petrel", "plover", "raven", "robin", "rook", "stork", "swallow",
  "swift", "tern", "wren",
] as const;
