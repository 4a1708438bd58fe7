import { z } from "zod";
import { ExperimentId, Int64, listOf, ModelName, Text } from "../routes/fields.ts";
import { parseDuration, type GcPolicy } from "./policy.ts";

const Duration = Text.transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({
    code: "custom",
    message: `Invalid duration ${JSON.stringify(text.slice(0, 100))}. Expected one such as 30d, 8h or 2d8h5m20s.`,
  });
  return z.NEVER;
});

/** None may be the newest: that would leave nothing to go back to. */
const Count = Int64.pipe(z.int().min(1)).optional();

/** What a caller asks `gc` for: the fields of the operation, and the flags of the command. */
export const GcRequest = z.object({
  older_than: Duration.default(0),
  keep_runs: Count,
  keep_versions: Count,
  experiment_ids: listOf(ExperimentId),
  models: listOf(ModelName),
  dry_run: z.boolean().default(false),
});

/** The policy that is asked for; an empty list is no restriction. */
export function policyOf(request: z.output<typeof GcRequest>): GcPolicy {
  const { older_than, keep_runs, keep_versions, experiment_ids, models } = request;
  return {
    olderThanMs: older_than,
    keepRuns: keep_runs,
    keepVersions: keep_versions,
    experimentIds: experiment_ids.length > 0 ? experiment_ids : undefined,
    models: models.length > 0 ? models : undefined,
  };
}
