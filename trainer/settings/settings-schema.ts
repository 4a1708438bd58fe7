import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { GateRules } from "@updraft/contracts/gate";
import { messageOf } from "@updraft/contracts/message-of";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { PromotionSource, SourceVariables } from "@updraft/contracts/promotion-source";
import { mostTrials, Sweep, SweepTrial } from "@updraft/contracts/sweep";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { QualityRules } from "@updraft/models/quality";
import { z } from "zod";
import { datasetUriForms, datasetUriProblem } from "../data/dataset-uri.ts";
import { accelerators } from "../training/accelerator.ts";
import type { SettingsSource } from "./given.ts";

/** What settings must be; defaults are filled in. */
export function settingsSchema(
  definition: ModelDefinition,
  folder: string,
  variables: SettingsSource["variables"],
) {
  const path = z.string().transform((given) => resolve(folder, given));
  return z.object({
    dataset: datasetSchema(definition),
    seed: z.int().min(0).max(2_147_483_647).default(1),
    hyperparameters: definition.hyperparameters,
    gate: GateRules.default(definition.defaults.gate),
    quality: QualityRules.default({}),
    experiment: z.string().min(1).max(500).default(definition.name),
    storeUri: z
      .string()
      .superRefine((uri, context) => {
        try {
          openArtifactStore(uri, variables);
        } catch (error) {
          context.addIssue({ code: "custom", message: messageOf(error) });
        }
      })
      .default(pathToFileURL(join(folder, ".updraft/trainer")).href),
    trackingUri: z
      .url({ protocol: /^https?$/, error: "expected http://host:port or https://host" })
      .optional(),
    resume: z.enum(["auto", "always", "never"]).default("auto"),
    warmStart: z.enum(["none", "champion"]).default("none"),
    outagePatience: z.number().min(0).max(86_400).default(60),
    stack: nameSchema.optional(),
    accelerator: z
      .enum(accelerators, { error: `expected one of ${accelerators.join(", ")}` })
      .default("auto"),
    sweep: Sweep.optional(),
    sweepId: nameSchema.optional(),
    sweepTrials: z.array(SweepTrial).min(1).max(mostTrials).optional(),
    trialIndex: z.int().min(0).optional(),
    source: PromotionSource.optional(),
    sourceVariables: SourceVariables.optional(),
    sourceBundle: path.optional(),
    importFrom: path.optional(),
    python: z.string().min(1).default("python3"),
    pin: pinSchema.optional(),
    reason: z.string().min(1).max(500).optional(),
    packageName: z.string().min(1).optional(),
    log: z.boolean().default(false),
    json: z.boolean().default(false),
    out: path.optional(),
  });
}

const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,100}$/, "expected 1 to 100 letters, digits, '_', '-' and '.'");

const pinSchema = z
  .string()
  .regex(
    /^([1-9]\d*|sha256:[0-9a-f]{64})$/,
    "expected a version such as 3, or sha256: and 64 hexadecimal digits",
  );

function datasetSchema({ name, datasets, defaults }: ModelDefinition) {
  const known = [...Object.keys(datasets), ...datasetUriForms].join(", ");
  return z
    .string()
    .superRefine((dataset, context) => {
      if (Object.hasOwn(datasets, dataset)) return;
      const problem = /^[a-z0-9]+:\/\//i.test(dataset)
        ? datasetUriProblem(dataset)
        : `${name} has no such dataset; it has ${known}`;
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    })
    .default(defaults.dataset);
}
