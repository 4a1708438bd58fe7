import type { Config } from "./config/config.ts";
import type { ReleasePlan } from "./platform.ts";
import { platformOf } from "./platform-of.ts";
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
  if (promotion === undefined) return trainingPlan(config);
  const plan = await promotionPlan(stack, { ...config, promotion });
  if (plan.kind !== "promotion") return plan;
  const platform = await platformOf(config);
  return (await platform.bringPackage?.(stack, config, plan)) ?? plan;
}
