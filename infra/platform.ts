import type * as pulumi from "@pulumi/pulumi";
import type { Digest } from "@updraft/contracts/digest";
import type { GateReport, GateRules } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { TrackerVariables } from "./tracker-credentials.ts";

/** Where the things of one stack live. Every other component is given it. */
export interface EnvironmentArgs {
  /** Name of the stack. */
  readonly stack: string;
  /** Folder of all that the stack keeps. @default .updraft/<stack> */
  readonly path?: string | undefined;
  /** Whether what is stored outlives the stack. */
  readonly keep: boolean;
}

/** Keeps packages, snapshots and the artifacts of runs. */
export interface ObjectStoreArgs<Environment> {
  readonly environment: Environment;
  /** One that is there already, which has an address, keeps the stack's things too. */
  readonly tracker: { readonly uri?: string | undefined };
  /** Who the stack is to that tracker. */
  readonly credentials: TrackerVariables;
}
export interface ObjectStoreOutputs {
  /** Address of the artifact store: `file:///…`, or `mlflow-artifacts:/`. */
  readonly uri: pulumi.Output<string>;
  /** What a process needs to reach it. */
  readonly variables: TrackerVariables;
}

/** Keeps runs, metrics and the model registry. */
export interface TrackerArgs<Environment> {
  readonly environment: Environment;
  readonly store: ObjectStoreOutputs;
  readonly port: number;
  /** Address of one that is there already; then none is started. */
  readonly uri?: string | undefined;
  /** Who may use it; everybody on this machine if empty. */
  readonly credentials: TrackerVariables;
}
export interface TrackerOutputs {
  /** Address of page and API, without a slash at its end. */
  readonly url: pulumi.Output<string>;
  /** What a process needs to use it: MLflow's variables. */
  readonly variables: TrackerVariables;
  /** Address of a run's page. */
  runUrl(release: pulumi.Output<Release>): pulumi.Output<string>;
}

/** What training would do, with every default filled in: the trainer's `plan`. */
export interface TrainingPlan {
  readonly model: string;
  readonly dataset: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly gate: GateRules;
  /** Names the data without loading it. */
  readonly datasetFingerprint: string;
  /** Digest of the sources that decide what is trained. */
  readonly codeDigest: Digest;
}

/** Trains, evaluates and gates; fails the update if the gate does. */
export interface TrainingArgs<Environment> {
  readonly environment: Environment;
  /** Name of the stack that takes over the release. */
  readonly stack: string;
  readonly store: ObjectStoreOutputs;
  readonly tracker: TrackerOutputs;
  readonly plan: TrainingPlan;
  /** `always`: on every update; `on-change`: when the plan is another. */
  readonly retrain: "always" | "on-change";
}
export interface TrainingOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  /** Address of the run's page in the tracker. */
  readonly runUrl: pulumi.Output<string>;
}

/** Serves the package of a release; it stays as it is while the digest does. */
export interface InferenceArgs<Environment> {
  readonly environment: Environment;
  readonly store: ObjectStoreOutputs;
  readonly release: pulumi.Output<Release>;
  readonly port: number;
}
export interface InferenceOutputs {
  /** Address of the drawing page, without a slash at its end. */
  readonly url: pulumi.Output<string>;
  readonly predictUrl: pulumi.Output<string>;
}

type Component<Args, Outputs> = new (name: string, args: Args) => Outputs;

/** What every target provides: the same components with the same arguments and outputs. */
export interface Platform<Environment> {
  readonly Environment: Component<EnvironmentArgs, Environment>;
  readonly ObjectStore: Component<ObjectStoreArgs<Environment>, ObjectStoreOutputs>;
  readonly Tracker: Component<TrackerArgs<Environment>, TrackerOutputs>;
  readonly Training: Component<TrainingArgs<Environment>, TrainingOutputs>;
  readonly Inference: Component<InferenceArgs<Environment>, InferenceOutputs>;
}
