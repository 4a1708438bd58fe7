import type { Platform, ReleasePlan, RunArgs, RunOutputs, Target } from "./platform.ts";

/** What comes to the release that the plan names: one of three, each in the others' place. */
export function releaseRun<T extends Target>(
  platform: Platform<T>,
  plan: ReleasePlan,
  args: Omit<RunArgs<T, ReleasePlan>, "plan">,
): RunOutputs {
  switch (plan.kind) {
    case "training":
      return new platform.Training("training", { ...args, plan });
    case "promotion":
      return new platform.Promotion("promotion", { ...args, plan });
    case "rollback":
      return new platform.Rollback("rollback", { ...args, plan });
  }
}
