import { changesBetween, type Change } from "../../local/provider/property-values.ts";
import { code, inWords, shortDigest } from "./format-values.ts";
import type { ReleaseInputs, Source } from "./release-inputs.ts";

/** One input of a release that is not what it was. */
export interface InputChange {
  /** Such as `hyperparameters.epochs`, `gate.minAccuracy`, `datasetFingerprint`, `source`. */
  readonly input: string;
  readonly before: unknown;
  readonly after: unknown;
  /** For people: `epochs 5 → 10`. */
  readonly text: string;
}

/** In the order in which people want to know. */
const ordered = [
  "source",
  "pin",
  "model",
  "dataset",
  "datasetFingerprint",
  "hyperparameters",
  "trials",
  "seed",
  "warmStart",
  "gate",
  "quality",
  "image",
  "code",
  "tracker",
] as const;

/** What may be there in one release and not in another. */
const mayBeAbsent: readonly string[] = ["source", "pin", "trials", "tracker", "warmStart"];

const names: Readonly<Record<string, string>> = {
  datasetFingerprint: "content of the dataset",
  image: "trainer's image",
  warmStart: "warm start",
  tracker: "tracker that keeps the packages",
};

/** What differs between what two releases are made from, with what is known of both. */
export function inputChanges(before: ReleaseInputs, after: ReleaseInputs): InputChange[] {
  return ordered.flatMap((key) => {
    const isKnown = before[key] !== undefined && after[key] !== undefined;
    if (!isKnown && !mayBeAbsent.includes(key)) return [];
    if (key === "source") return sourceChange(before.source, after.source);
    if (key === "trials") return trialsChange(before.trials, after.trials);
    return changesBetween(before[key], after[key], key).map(inputChange);
  });
}

function inputChange({ path, before, after }: Change): InputChange {
  return { input: path, before, after, text: `${nameOf(path)} ${arrow(before, after)}` };
}

function nameOf(path: string): string {
  const [chapter = "", ...rest] = path.split(".");
  const key = rest.join(".");
  if (chapter === "hyperparameters" && key !== "") return key;
  if (chapter === "gate" && key !== "") return `rule ${key}`;
  if (chapter === "quality" && key !== "") return `check ${key}`;
  return names[path] ?? path;
}

function arrow(before: unknown, after: unknown): string {
  return `${code(inWords(before))} → ${code(inWords(after))}`;
}

function sourceChange(before: Source | undefined, after: Source | undefined): InputChange[] {
  if (before?.digest === after?.digest && before?.stack === after?.stack) return [];
  const text = `release ${before ? sourceInWords(before) : code("none")} → ${after ? sourceInWords(after) : code("none")}`;
  return [{ input: "source", before: summary(before), after: summary(after), text }];
}

function summary(source: Source | undefined) {
  if (source === undefined) return undefined;
  const { stack, version, digest } = source;
  return { stack, version, digest };
}

/** `version 4 of dev (1f2e3d4c)`. */
export function sourceInWords({ stack, version, digest }: Source): string {
  const short = code(shortDigest(digest));
  return version === undefined
    ? `${short} of ${code(stack)}`
    : `version ${version} of ${code(stack)} (${short})`;
}

function trialsChange(
  before: readonly unknown[] | undefined,
  after: readonly unknown[] | undefined,
): InputChange[] {
  if (changesBetween(before, after).length === 0) return [];
  const [was, is] = [before?.length ?? 0, after?.length ?? 0];
  const text = was === is ? "other trials in the sweep" : `trials of the sweep ${arrow(was, is)}`;
  return [{ input: "trials", before: was, after: is, text }];
}
