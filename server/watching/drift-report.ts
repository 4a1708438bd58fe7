import { z } from "zod";
import type { ModelRepository } from "../models/model-repository.ts";
import { type Drift, leastInstances } from "./drift-window.ts";
import type { WatchedVersion, Watching } from "./watching.ts";

const shares = z.array(z.number().min(0).max(1));

const DriftOfOne = z.strictObject({
  name: z.string(),
  psi: z.number().nullable().meta({ description: "Population stability index." }),
  ks: z.number().nullable().meta({ description: "Kolmogorov's and Smirnov's distance." }),
  min: z.number(),
  max: z.number(),
  before: shares.meta({
    description: "Shares in training: below min, in each bin from min to max, above max.",
  }),
  now: shares.meta({ description: "The same of the last instances." }),
});

const DriftOfModel = z.strictObject({
  model: z.string(),
  version: z.string(),
  digest: z.string(),
  serves: z.boolean().meta({
    description: "Whether it is what serves; what only takes a share, or served before, is not.",
  }),
  has_baseline: z.boolean().meta({
    description: "Whether the package says what its training data looked like.",
  }),
  instances: z.int().meta({ description: "How many of the last instances are compared." }),
  inputs: z.array(DriftOfOne).meta({ description: "The input, then each value where it has few." }),
  predictions: DriftOfOne.nullable(),
  labels: z.array(z.string()).meta({ description: "Names of the classes; none of other models." }),
  feedback: z.strictObject({ count: z.int(), accuracy: z.number().nullable() }),
});

/** What `GET /drift.json` answers. */
export const DriftReport = z.strictObject({
  least_instances: z.int().meta({ description: "Of fewer nothing is said." }),
  models: z.array(DriftOfModel),
});
export type DriftReport = z.infer<typeof DriftReport>;

/** How far what the models are asked and answer is from what they were trained on. */
export function driftReport(models: ModelRepository, watching: Watching): DriftReport {
  const serving = models.slots.flatMap(({ active }) => (active ? watching.versionOf(active) : []));
  const others = watching.versions.filter((watched) => !serving.includes(watched));
  return {
    least_instances: leastInstances,
    models: [
      ...serving.map((watched) => driftOfVersion(watched, true)),
      ...others.map((watched) => driftOfVersion(watched, false)),
    ],
  };
}

function driftOfVersion(
  { model, version, digest, labels, accuracy, drift }: WatchedVersion,
  serves: boolean,
): DriftReport["models"][number] {
  const predictions = drift?.predictions();
  return {
    model,
    version,
    digest,
    serves,
    has_baseline: drift !== undefined,
    instances: drift?.instances ?? 0,
    inputs: drift?.inputs().map(written) ?? [],
    predictions: predictions ? written(predictions) : null,
    labels: [...(labels ?? [])],
    feedback: { count: accuracy.count, accuracy: accuracy.value ?? null },
  };
}

function written({ psi, ks, before, now, ...rest }: Drift) {
  return { ...rest, psi: psi ?? null, ks: ks ?? null, before: [...before], now: [...now] };
}
