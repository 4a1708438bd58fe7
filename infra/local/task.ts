import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@updraft/contracts/release";

export interface TaskArgs {
  /** Module that Node runs, absolute. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  readonly logFile: pulumi.Input<string>;
  /** Where the task leaves its outcome, as JSON. */
  readonly outcomeFile: pulumi.Input<string>;
  /** Whether it runs on every update, or only when a trigger is not what it was. */
  readonly always: boolean;
  /** What decides its result; a preview names those that changed. */
  readonly triggers: Readonly<Record<string, pulumi.Input<unknown>>>;
}

/** A process that runs to its end and leaves a release. */
export class Task extends pulumi.CustomResource {
  declare readonly release: pulumi.Output<Release>;

  constructor(name: string, args: TaskArgs, opts?: pulumi.CustomResourceOptions) {
    super("updraft:local:Task", name, { ...args, release: undefined }, opts);
  }
}
