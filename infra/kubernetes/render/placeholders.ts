import { digestOf } from "@updraft/contracts/digest";
import { outcomeKey } from "../training/release-outcome.ts";
import type { Outcome } from "@updraft/contracts/release";

/**
 * What only an update knows is in the program a value of the right form that nothing else has, and
 * in the manifests a variable, as `envsubst` fills it in.
 */
const release = {
  RELEASE_DIGEST: digestOf("updraft render: digest of the release"),
  RELEASE_VERSION: "907190719071907190",
  RELEASE_URI: "s3://release.invalid/package",
} as const;

/** What the next training is called in manifests, where a name may hold no variable. */
export const nextRun = "next-run";

/** An encrypted value of the configuration, as far as the program looks at it. */
export function secretPlaceholder(key: string): string {
  const name = key.split(":").at(-1) ?? key;
  if (name === "databaseUri") return "postgresql://user:placeholder@database.invalid:5432/tracker";
  return `placeholder-of-${name}`;
}

/** Digest of an image that an update builds. */
export function imageDigest(image: string): string {
  return digestOf(`updraft render: image ${image}`);
}

/** The ConfigMap that a training leaves. @param model name of the configured model */
export function releaseConfigMap(model: string): object {
  const outcome: Outcome = {
    status: "released",
    release: {
      model,
      version: release.RELEASE_VERSION,
      digest: release.RELEASE_DIGEST,
      uri: release.RELEASE_URI,
      runId: "placeholder",
      datasetDigest: digestOf("updraft render: digest of the dataset"),
      metrics: {},
      gate: { verdict: "passed", rules: [] },
    },
  };
  return { data: { [outcomeKey]: JSON.stringify(outcome) } };
}

/** The texts that stand for something, with what a manifest has in their place. */
export function substitutions(images: readonly string[]): ReadonlyMap<string, string> {
  const digests = images.map((image) => [imageDigest(image), `${variable(image)}_IMAGE_DIGEST`]);
  const values = Object.entries(release).map(([name, value]) => [value, name]);
  return new Map([...digests, ...values].map(([value = "", name]) => [value, `\${${name}}`]));
}

/** Value of a key of a Secret. */
export function secretVariable(secret: string, key: string): string {
  return `\${${variable(secret)}_${variable(key)}}`;
}

function variable(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}
