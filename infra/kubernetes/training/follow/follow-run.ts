import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../environment/environment.ts";
import type { ChosenRun } from "../run-name.ts";
import type { RunJob } from "../training-job.ts";

export interface RunToFollow {
  readonly environment: Environment;
  readonly run: ChosenRun;
  readonly jobs: RunJob;
  /** The resource at whose line it is told. */
  readonly told: pulumi.Resource;
}

/** Tells an update what a run does. */
export function followRun(_: RunToFollow): void {}
