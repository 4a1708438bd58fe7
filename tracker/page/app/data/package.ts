import { call } from "../call.ts";
import { gateReport, type GateNote } from "../gate.ts";
import { fetchFolder, fetchJson, proxiedPath } from "./artifacts.ts";
import type { ModelVersion } from "./registry.ts";

/** Where a package comes from. */
export interface Lineage {
  readonly runId?: string;
  readonly datasetDigest?: string;
  readonly codeDigest?: string;
  readonly gitCommit?: string;
  readonly imageDigest?: string;
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
}

/** What `card.json` of a package says, as far as it is there. */
export interface Card {
  readonly createdAt?: string | undefined;
  readonly metrics: Readonly<Record<string, number>>;
  readonly gate?: GateNote | undefined;
  readonly lineage: Lineage;
}

/** How often each class (row) was taken for each class (column). */
export interface ConfusionMatrix {
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** How well one class is recognised; shares of 1. */
export interface ClassMeasures {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

/** A wrong answer that the model was sure of. */
export interface Mistake {
  readonly index: number;
  readonly truth: string;
  readonly answer: string;
  readonly probability: number;
  readonly truthProbability: number;
}

/** What a picture under `evaluation/` shows, by its file's name. */
export const pictureTitles = {
  "learning-curves": "Learning curves",
  roc: "ROC",
  calibration: "Calibration",
  residuals: "Residuals",
  "worst-errors": "Worst errors",
} as const;
export type Picture = keyof typeof pictureTitles;

/** What a version's files tell; what another client's version lacks is undefined. */
export interface PackageFiles {
  /** Where they are for the artifact proxy; undefined if a browser cannot reach them. */
  readonly root?: string | undefined;
  readonly names: readonly string[];
  readonly card?: Card | undefined;
  readonly confusion?: ConfusionMatrix | undefined;
  readonly classes?: readonly ClassMeasures[] | undefined;
  readonly mistakes?: readonly Mistake[] | undefined;
  readonly hasMistakesPicture: boolean;
  /** Subjects under `evaluation/` that are shown by their pictures: `roc`. */
  readonly pictures: readonly Picture[];
}

/** Where the files of a version are for the artifact proxy. */
export async function packageRoot(
  version: ModelVersion,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { name, source } = version;
  const fields = { name, version: version.version };
  const here = proxiedPath(source);
  if (here) return here;
  // `models:/…` and `runs:/…` are resolved by the tracker.
  const { artifact_uri } = await call<{ artifact_uri?: string }>(
    "mlflow/model-versions/get-download-uri",
    { fields, signal },
  );
  return proxiedPath(artifact_uri);
}

/** The card of a version, if it has one. */
export async function fetchCard(
  version: ModelVersion,
  signal: AbortSignal,
): Promise<Card | undefined> {
  const root = await packageRoot(version, signal);
  const names = root ? (await fetchFolder(root, "", signal)).map(({ name }) => name) : [];
  if (!root || !names.includes("card.json")) return undefined;
  return parseCard(await fetchJson(root, "card.json", signal));
}

/** Everything about a version that lies beside its weights. */
export async function fetchPackage(
  version: ModelVersion,
  signal: AbortSignal,
): Promise<PackageFiles> {
  const root = await packageRoot(version, signal);
  if (!root) return { names: [], hasMistakesPicture: false, pictures: [] };
  const names = (await fetchFolder(root, "", signal)).map(({ name }) => name);
  const evaluation = names.includes("evaluation")
    ? (await fetchFolder(root, "evaluation", signal)).map(({ path }) => path)
    : [];
  const json = async (path: string) =>
    names.includes(path) || evaluation.includes(path) ? fetchJson(root, path, signal) : undefined;
  const [card, confusion, classes, mistakes] = await Promise.all([
    json("card.json"),
    json("evaluation/confusion-matrix.json"),
    json("evaluation/per-class.json"),
    json("evaluation/worst-mistakes.json"),
  ]);
  return {
    root,
    names,
    card: parseCard(card),
    confusion: parseConfusion(confusion),
    classes: parseList(classes, isClassMeasures),
    mistakes: parseList(mistakes, isMistake),
    hasMistakesPicture: evaluation.includes("evaluation/worst-mistakes.svg"),
    pictures: (Object.keys(pictureTitles) as Picture[]).filter((subject) =>
      evaluation.includes(`evaluation/${subject}.svg`),
    ),
  };
}

/** A card, if that is one: other tools have files of that name too. */
export function parseCard(value: unknown): Card | undefined {
  if (!isObject(value) || !isObject(value.lineage)) return undefined;
  const metrics = isObject(value.metrics) ? value.metrics : {};
  return {
    createdAt: typeof value.createdAt === "string" ? value.createdAt : undefined,
    metrics: Object.fromEntries(
      Object.entries(metrics).filter((entry): entry is [string, number] => isNumber(entry[1])),
    ),
    gate: gateReport(value.gate),
    lineage: value.lineage,
  };
}

/** A confusion matrix, if that is one: as many rows and columns as labels. */
export function parseConfusion(value: unknown): ConfusionMatrix | undefined {
  if (!isObject(value)) return undefined;
  const { labels, counts } = value;
  if (!Array.isArray(labels) || !Array.isArray(counts)) return undefined;
  const isSquare =
    counts.length === labels.length &&
    counts.every(
      (row) => Array.isArray(row) && row.length === labels.length && row.every(isNumber),
    );
  return isSquare ? { labels: labels.map(String), counts } : undefined;
}

function parseList<Item>(
  value: unknown,
  isItem: (item: unknown) => item is Item,
): readonly Item[] | undefined {
  return Array.isArray(value) && value.every(isItem) ? value : undefined;
}

function isClassMeasures(value: unknown): value is ClassMeasures {
  return (
    isObject(value) &&
    typeof value.label === "string" &&
    [value.precision, value.recall, value.f1, value.support].every(isNumber)
  );
}

function isMistake(value: unknown): value is Mistake {
  return (
    isObject(value) &&
    typeof value.truth === "string" &&
    typeof value.answer === "string" &&
    [value.index, value.probability, value.truthProbability].every(isNumber)
  );
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
