import { messageOf } from "@updraft/contracts/message-of";
import type { Sweep, SweepTrial } from "@updraft/contracts/sweep";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { planTrials } from "../sweep/plan-trials.ts";

/** Trials that may be run, or what is wrong with them, a line each. */
export interface CheckedTrials {
  readonly trials: readonly SweepTrial[];
  readonly problems: readonly string[];
}

/**
 * The trials that a sweep gives, each checked by the model's schema together with the
 * hyperparameters that the sweep leaves alone.
 * @param source what to call the sweep in a message
 */
export function trialsOfSweep(
  sweep: Sweep,
  source: string,
  model: Pick<ModelDefinition, "name" | "hyperparameters">,
  others: TrainingHyperparameters,
): CheckedTrials {
  try {
    const trials = planTrials(sweep);
    const problems = trials.flatMap((trial) =>
      problemsOf(trial, `${source} parameters`, model, others),
    );
    // A value that is wrong is wrong in every trial that has it.
    return { trials, problems: [...new Set(problems)] };
  } catch (error) {
    return { trials: [], problems: [`${source} trials ${sweep.trials}: ${messageOf(error)}`] };
  }
}

/** Trials as they are listed, checked in the same way. */
export function checkedTrials(
  trials: readonly SweepTrial[],
  source: string,
  model: Pick<ModelDefinition, "name" | "hyperparameters">,
  others: TrainingHyperparameters,
): CheckedTrials {
  const problems = trials.flatMap((trial, index) =>
    problemsOf(trial, `${source} ${index}`, model, others),
  );
  return { trials, problems };
}

/** The hyperparameters of a trial: its own, and the others as the settings have them. */
export function hyperparametersOf(
  trial: SweepTrial,
  { hyperparameters }: Pick<ModelDefinition, "hyperparameters">,
  others: TrainingHyperparameters,
): TrainingHyperparameters {
  return hyperparameters.parse({ ...others, ...trial });
}

function problemsOf(
  trial: SweepTrial,
  where: string,
  { name, hyperparameters }: Pick<ModelDefinition, "name" | "hyperparameters">,
  others: TrainingHyperparameters,
): string[] {
  const checked = hyperparameters.safeParse({ ...others, ...trial });
  return (checked.error?.issues ?? []).flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      const known = Object.keys(hyperparameters.shape).join(", ");
      return issue.keys.map(
        (key) => `${where} ${key}: ${name} has no such hyperparameter; it has ${known}`,
      );
    }
    const key = String(issue.path[0] ?? "");
    return [`${where} ${key} ${JSON.stringify(trial[key])}: ${issue.message}`];
  });
}
