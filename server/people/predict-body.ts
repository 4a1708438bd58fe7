import { z } from "zod";
import { Preparation } from "./image-instance.ts";

/** What may be said besides the question: in the body, or in the address where that is a file. */
export const PredictOptions = z.strictObject({
  model: z.string().min(1).optional().meta({
    description: "Name of the model; without it the first one of the server answers.",
  }),
  model_version: z
    .union([z.string().min(1), z.int()])
    .optional()
    .meta({ description: "Version that must answer; without it the one that serves." }),
  prepare: Preparation.optional().meta({
    description:
      "How an image becomes the model's. digit (the default for inputs of 28 x 28 x 1) finds the ink and places it as MNIST does; contain scales the whole image with its proportions kept.",
  }),
});
export type PredictOptions = z.infer<typeof PredictOptions>;

/** The body of `POST /predict` as JSON. */
export const PredictBody = PredictOptions.extend({
  features: z.unknown().optional().meta({
    description:
      "One instance: its numbers, nested as the input's shape or flat, or an object with the names of its features.",
  }),
  image: z.string().optional().meta({
    description: "A PNG or JPEG as a data URL: data:image/png;base64,…",
  }),
});
