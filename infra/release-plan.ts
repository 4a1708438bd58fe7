import type { Config } from "./config/config.ts";
import type { ReleasePlan } from "./platform.ts";
import { promotionPlan } from "./promotion-plan.ts";
import { trainingPlan } from "./training-plan.ts";

/**
 * Where the release of this update comes from: a version that is pinned, the release of another
 * stack, or a training.
 * @param stack whose update it is
 * @throws {ConfigError} if it cannot come from there
 */
export async function releasePlan(stack: string, config: Config): Promise<ReleasePlan> {
  const { pin, pinReason } = config.inference;
  if (pin !== undefined) {
    return { kind: "rollback", model: config.model.name, pin, reason: pinReason };
  }
  const { promotion } = config;
  return promotion ? promotionPlan(stack, { ...config, promotion }) : trainingPlan(config);
}
