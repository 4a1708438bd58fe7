import { z } from "zod";

/** The body of `POST /feedback`. */
export const FeedbackBody = z.strictObject({
  request_id: z.string().min(1).optional().meta({
    description: "The x-request-id of the answer that it is about.",
  }),
  prediction_id: z.string().min(1).optional().meta({ description: "The same by another name." }),
  instance: z.int().min(0).optional().meta({
    description: "Which instance of the request, from 0 on; needed if it had several.",
  }),
  features: z.unknown().optional().meta({
    description: "Instead of an id: the instance itself, which is asked about again.",
  }),
  label: z.union([z.string(), z.number()]).meta({
    description: "The true class, by its name.",
  }),
  model: z.string().min(1).optional().meta({
    description: "Name of the model that the features are for; without it the first one.",
  }),
});
export type FeedbackBody = z.infer<typeof FeedbackBody>;

/** What `POST /feedback` answers. */
export const FeedbackAnswer = z.strictObject({
  correct: z.boolean(),
  predicted: z.string().meta({ description: "Name of the class that was predicted." }),
  model: z.string(),
  model_version: z.string(),
});
export type FeedbackAnswer = z.infer<typeof FeedbackAnswer>;
