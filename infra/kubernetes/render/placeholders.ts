import { Lineage } from "@updraft/contracts/card";
import { digestOf, type Digest } from "@updraft/contracts/digest";
import type { Outcome, Release } from "@updraft/contracts/release";
import type { TrainingPlan } from "../../platform.ts";
import { outcomeKey } from "../training/release-outcome.ts";

/**
 * What only an update knows is in the program a value of the right form that nothing else has, and
 * in the manifests a variable, as `envsubst` fills it in.
 */
const known = {
  RELEASE_DIGEST: digestOf("updraft render: digest of the release"),
  RELEASE_VERSION: "907190719071907190",
  RELEASE_URI: "s3://release.invalid/package",
  SOURCE_DIGEST: digestOf("updraft render: digest of the source's release"),
  SOURCE_VERSION: "917191719171917191",
  SOURCE_URI: "s3://source.invalid/package",
} as const;

/** What the next run is called in manifests, where a name may hold no variable. */
export const nextRun = "next-run";

/** An encrypted value of the configuration, as far as the program looks at it. */
export function secretPlaceholder(key: string): string {
  const name = key.split(":").at(-1) ?? key;
  if (name === "databaseUri") return "postgresql://user:placeholder@database.invalid:5432/tracker";
  return placeholderOf(name);
}

/** In the place of a secret. */
export function placeholderOf(name: string): string {
  return `placeholder-of-${name}`;
}

/** Digest of an image that an update builds. */
export function imageDigest(image: string): string {
  return digestOf(`updraft render: image ${image}`);
}

/** The release that an update comes to. @param model name of the configured model */
export function releasePlaceholder(model: string): Release {
  return {
    model,
    version: known.RELEASE_VERSION,
    digest: known.RELEASE_DIGEST,
    uri: known.RELEASE_URI,
    runId: "placeholder",
    datasetDigest: digestOf("updraft render: digest of the dataset"),
    metrics: {},
    gate: { verdict: "passed", rules: [] },
  };
}

/** The ConfigMap that a run leaves. @param model name of the configured model */
export function releaseConfigMap(model: string): object {
  const outcome: Outcome = { status: "released", release: releasePlaceholder(model) };
  return { data: { [outcomeKey]: JSON.stringify(outcome) } };
}

/**
 * What the stack that is promoted from has released.
 * @param plan what the source was trained with, where it is trained again
 */
export function sourcePlaceholder(
  {
    model,
    approvedDigest,
  }: { readonly model: string; readonly approvedDigest?: Digest | undefined },
  plan: TrainingPlan | undefined,
): Release {
  const release = {
    ...releasePlaceholder(model),
    version: known.SOURCE_VERSION,
    digest: approvedDigest ?? known.SOURCE_DIGEST,
    uri: known.SOURCE_URI,
  };
  if (plan === undefined) return release;
  const { runId, datasetDigest } = release;
  const { hyperparameters, seed, codeDigest } = plan;
  const lineage = { runId, datasetDigest, codeDigest, hyperparameters, seed };
  return { ...release, lineage: Lineage.parse(lineage) };
}

/** The texts that stand for something, with what a manifest has in their place. */
export function substitutions(images: readonly string[]): ReadonlyMap<string, string> {
  const digests = images.map((image) => [imageDigest(image), `${variable(image)}_IMAGE_DIGEST`]);
  const values = Object.entries(known).map(([name, value]) => [value, name]);
  return new Map([...digests, ...values].map(([value = "", name]) => [value, `\${${name}}`]));
}

/** Value of a key of a Secret. */
export function secretVariable(secret: string, key: string): string {
  return `\${${variable(secret)}_${variable(key)}}`;
}

function variable(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}
