import { Sweep } from "@updraft/contracts/sweep";
import { z } from "zod";

const model = {
  /** A folder of `models/`. */
  name: z.string().min(1).default("digits"),
  /**
   * A dataset that the model knows, or an address: `file:///folder`, `https://host/folder/`,
   * `s3://bucket/folder`. @default the model's own
   */
  dataset: z.string().min(1).optional(),
  /** Checked by the model's own schema. @default the model's own, one by one */
  hyperparameters: z.record(z.string(), z.json()).default({}),
  /** Limits of the data's checks, by check; the trainer knows them. @default the model's own */
  quality: z.record(z.string(), z.json()).optional(),
  /** What all that is random starts from. @default the model's own */
  seed: z.int().min(0).optional(),
  /** `champion`: begins with the weights of the version that serves. @default with chance */
  warmStart: z.literal("champion").optional(),
  /** `always`: every update trains; `on-change`: only one with other inputs. */
  retrain: z.enum(["always", "on-change"]).default("always"),
};

/** `updraft:model` of both targets. */
export const LocalModel = z.strictObject(model);

/** `updraft:model`, with what only a cluster has the room for. */
export const KubernetesModel = z.strictObject({
  ...model,
  dataset: model.dataset.refine((dataset) => !/^(file|http):/.test(dataset ?? ""), {
    error:
      "what is on this machine is not in the training's pod; name a dataset of the model, or an address with https:// or s3://",
  }),
  /** Trials with other hyperparameters; the best goes through the gate. */
  sweep: Sweep.optional(),
});
