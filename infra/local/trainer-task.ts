import * as pulumi from "@pulumi/pulumi";
import { checkout } from "../checkout.ts";
import type { ReleasePlan, RunArgs } from "../platform.ts";
import type { LocalTarget } from "./local-target.ts";
import { Task } from "./task.ts";

export interface TrainerTaskArgs {
  readonly command: "train" | "promote" | "rollback";
  /** Settings of the command: `TRAINER_…`. */
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whether it runs with every update, or only with other triggers. */
  readonly always: boolean;
  /** What decides its result, in words that a preview can show. */
  readonly triggers: Readonly<Record<string, pulumi.Input<unknown>>>;
}

/**
 * A command of the trainer as a process that the update waits for.
 * @param name of the component
 */
export function trainerTask(
  name: string,
  { environment, store, tracker }: RunArgs<LocalTarget, ReleasePlan>,
  { command, settings, always, triggers }: TrainerTaskArgs,
  parent: pulumi.Resource,
): Task {
  const { folder } = environment;
  const outcomeFile = pulumi.interpolate`${folder}/run/${name}.json`;
  const keeper = store.variables["MLFLOW_TRACKING_URI"];
  return new Task(
    `${name}-run`,
    {
      entry: `${checkout}/trainer/main.ts`,
      args: [command],
      cwd: checkout,
      env: {
        ...settings,
        ...tracker.variables,
        TRAINER_STORE_URI: store.uri,
        TRAINER_OUTCOME_FILE: outcomeFile,
      },
      logFile: pulumi.interpolate`${folder}/logs/${name}.log`,
      outcomeFile,
      always,
      // A tracker that keeps the packages counts too: another one has none of them.
      triggers: { ...(keeper === undefined ? {} : { tracker: keeper }), ...triggers },
    },
    { parent },
  );
}
