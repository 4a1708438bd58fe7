import { z } from "zod";

/** What a tracking server says when it says no: MLflow's error code, and why. */
export const MlflowErrorBody = z.object({
  error_code: z.string(),
  message: z.string().default(""),
});

/** The content of an answer that should be JSON; nothing if it is something else. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
