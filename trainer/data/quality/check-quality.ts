import type { Digest } from "@updraft/contracts/digest";
import type { Dataset } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { qualityLimits, type QualityLimits, type QualityRules } from "@updraft/models/quality";
import { dataBaseline } from "../../packaging/baseline.ts";
import { partsOf, splitInto, type Splits } from "../split.ts";
import type { ChampionData } from "./champion-data.ts";
import { classChecks, classCounts } from "./class-checks.ts";
import { driftCheck } from "./drift-check.ts";
import { firstEquals, inputDigests } from "./equal-rows.ts";
import { withOrigins } from "./origins.ts";
import { repeatChecks } from "./repeat-checks.ts";
import type { QualityCheck, QualityReport } from "./report.ts";
import { schemaCheck } from "./schema-check.ts";
import { valueChecks } from "./value-checks.ts";

/** What is looked at, and how it is to be split. */
export interface DataToCheck {
  readonly dataset: Dataset;
  /** For people. */
  readonly name: string;
  readonly seed: number;
  /** Of its files. */
  readonly digest: Digest;
}

/** What came of it. */
export interface CheckedData {
  readonly report: QualityReport;
  /** What can be trained on, without the examples that are left out; nothing if it is rejected. */
  readonly splits?: Splits;
}

/** What is found out about a dataset that fits the model. */
interface Findings extends Omit<
  QualityReport,
  "model" | "dataset" | "digest" | "verdict" | "inputNames" | "champion"
> {
  readonly splits: Splits;
}

/**
 * Checks what no format can know alone, and splits: that the examples fit the model, make sense and
 * can be learnt from and judged by, and how far they are from what the champion was trained on.
 * @param rules limits in place of the model's own and of the default ones, check by check
 * @param champion what the version that serves was trained on, or why that is not known
 */
export function checkQuality(
  { dataset, name, seed, digest }: DataToCheck,
  definition: ModelDefinition,
  rules: QualityRules = {},
  champion: ChampionData = { unknown: "there is no champion" },
): CheckedData {
  const limits = qualityLimits(definition.quality, rules);
  const { inputNames } = definition.format;
  const schema = schemaCheck(dataset, definition);
  const found =
    schema.verdict === "failed"
      ? { ...nothing, checks: [schema] }
      : findingsOf(withOrigins(dataset), { definition, limits, seed, champion }, [schema]);
  const { splits, ...findings } = { splits: undefined, ...found };
  const verdicts = new Set(findings.checks.map(({ verdict }) => verdict));
  const verdict = verdicts.has("failed") ? "failed" : verdicts.has("warned") ? "warned" : "passed";
  const report: QualityReport = {
    model: definition.name,
    dataset: name,
    digest,
    verdict,
    ...findings,
    ...(inputNames ? { inputNames: [...inputNames] } : {}),
    ...("unknown" in champion ? {} : { champion }),
  };
  return { report, ...(splits && verdict !== "failed" ? { splits } : {}) };
}

const nothing = {
  examples: { training: 0, validation: 0, test: 0 },
  classes: {},
  baseline: {},
};

interface Rules {
  readonly definition: ModelDefinition;
  readonly limits: QualityLimits;
  readonly seed: number;
  readonly champion: ChampionData;
}

function findingsOf(
  dataset: Dataset,
  { definition, limits, seed, champion }: Rules,
  before: readonly QualityCheck[],
): Findings | (typeof nothing & Pick<Findings, "checks">) {
  const { checks: ofValues, sound } = valueChecks(dataset, definition, limits);
  const checks = [...before, ...ofValues];
  if (!sound) return { ...nothing, checks };
  const names = { train: inputDigests(sound.train), test: sound.test && inputDigests(sound.test) };
  const firsts = firstEquals(names.train);
  const parts = partsOf(sound, definition.split, seed, firsts);
  const splits = splitInto(sound, parts);
  const classes = classCounts(splits, definition);
  return {
    checks: [
      ...checks,
      ...classChecks(sound.train, classes, limits),
      ...repeatChecks(sound, { names, firsts, parts }, limits, definition),
      driftCheck(splits.train, definition, champion, limits),
    ],
    examples: {
      training: splits.train.count,
      validation: splits.validation.count,
      test: splits.test.count,
    },
    classes,
    baseline: dataBaseline(splits.train, definition),
    splits,
  };
}
