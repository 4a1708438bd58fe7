import type { RollbackPlan } from "./platform.ts";

/** What the trainer is told to let a version serve again, for the stack that it serves. */
export function rollbackVariables(
  { model, pin, reason }: RollbackPlan,
  stack: string,
): Record<string, string> {
  return {
    TRAINER_MODEL: model,
    TRAINER_PIN: pin,
    TRAINER_STACK: stack,
    ...(reason === undefined ? {} : { TRAINER_REASON: reason }),
  };
}
