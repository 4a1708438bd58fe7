import type * as pulumi from "@pulumi/pulumi";
import type { Digest } from "@updraft/contracts/digest";
import type { GateReport, GateRules } from "@updraft/contracts/gate";
import type { PromotionSource, SourceVariables } from "@updraft/contracts/promotion-source";
import type { Release } from "@updraft/contracts/release";
import type { Config } from "./config/config.ts";
import type { TrackerVariables } from "./tracker-credentials.ts";

/** What differs between targets. */
export interface Target {
  readonly config: Config;
  /** What the checks before the update have found out. */
  readonly facts: unknown;
  /** The component that every other one is given. */
  readonly environment: unknown;
  /** Its store and its tracker, with what else its other components need of them. */
  readonly store: ObjectStoreOutputs;
  readonly tracker: TrackerOutputs;
}

/** A chapter of the configuration; nothing where a target does not have it. */
type Chapter<T extends Target, Key extends keyof Config> = T["config"][Key];

/** Where the things of one stack live. Every other component is given it. */
export interface EnvironmentArgs<T extends Target> {
  /** Name of the stack. */
  readonly stack: string;
  readonly config: T["config"];
  readonly facts: T["facts"];
}

/** Keeps packages, snapshots and the artifacts of runs. */
export interface ObjectStoreArgs<T extends Target> {
  readonly environment: T["environment"];
  readonly settings: Chapter<T, "store">;
  /** One that is there already, which has an address, keeps the stack's things too. */
  readonly tracker: Chapter<T, "tracker">;
  /** Who the stack is to that tracker. */
  readonly credentials: TrackerVariables;
}
export interface ObjectStoreOutputs {
  /** Address of the artifact store: `file:///…`, `s3://…`, or `mlflow-artifacts:/`. */
  readonly uri: pulumi.Output<string>;
  /** What a process needs to reach it. */
  readonly variables: TrackerVariables;
  /** What another stack needs to fetch packages from it: a secret. */
  readonly readerVariables: pulumi.Output<SourceVariables>;
}

/** Keeps runs, metrics and the model registry. */
export interface TrackerArgs<T extends Target> {
  readonly environment: T["environment"];
  readonly store: T["store"];
  readonly settings: Chapter<T, "tracker">;
  /** Who may use it; everybody on this machine if empty. */
  readonly credentials: TrackerVariables;
}
export interface TrackerOutputs {
  /** Address of page and API, without a slash at its end. */
  readonly url: pulumi.Output<string>;
  /** What a process needs to use it: MLflow's variables. */
  readonly variables: TrackerVariables;
  /** What people and their clients present, where the stack has made it. */
  readonly token: pulumi.Output<string> | undefined;
  /** Address of a run's page. */
  runUrl(release: pulumi.Output<Release>): pulumi.Output<string>;
}

/** Nodes that trainings with GPUs run on. */
export interface GpuNodePoolArgs<T extends Target> {
  readonly environment: T["environment"];
  readonly settings: NonNullable<Chapter<T, "gpu">>;
}

/** What a package is judged by. */
export interface EvaluationPlan {
  readonly model: string;
  readonly dataset: string;
  readonly seed: number;
  readonly gate: GateRules;
  /** Limits of the data's checks, by check. */
  readonly quality: Readonly<Record<string, unknown>>;
  /** Names the data without loading it. */
  readonly datasetFingerprint: string;
  /** Digest of the sources that decide what is trained. */
  readonly codeDigest: Digest;
}

/** What training would do, with every default filled in: the trainer's `plan`. */
export interface TrainingPlan extends EvaluationPlan {
  readonly kind: "training";
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** What a training begins with, where that is not chance: the version that serves by then. */
  readonly warmStart?: "champion" | undefined;
  /** Hyperparameters of each trial, where a sweep is configured. */
  readonly trials?: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** The release whose code and settings are trained with, of a stack that promotes so. */
  readonly source?: PromotionSource | undefined;
}

/** What is taken over from another stack, and what it is judged by here. */
export interface PromotionPlan extends EvaluationPlan {
  readonly kind: "promotion";
  readonly source: PromotionSource;
  /** What the source's store is reached with: a secret. */
  readonly sourceVariables: pulumi.Output<SourceVariables>;
  /** The package as a bundle, where whoever runs the promotion could not fetch it. */
  readonly bundle?: Uint8Array | undefined;
}

/** Which version is to serve again. */
export interface RollbackPlan {
  readonly kind: "rollback";
  readonly model: string;
  /** A version of the registry, or a digest. */
  readonly pin: string;
  /** Why, and who says so. */
  readonly reason: string | undefined;
}

/** Where the release of an update comes from. */
export type ReleasePlan = TrainingPlan | PromotionPlan | RollbackPlan;

/** Comes to a release, by the trainer; fails the update if there is none. */
export interface RunArgs<T extends Target, Plan extends ReleasePlan> {
  readonly environment: T["environment"];
  /** Name of the stack that takes over the release. */
  readonly stack: string;
  readonly store: T["store"];
  readonly tracker: T["tracker"];
  readonly plan: Plan;
  readonly model: Chapter<T, "model">;
  readonly settings: Chapter<T, "training">;
  /** Where it runs if it needs GPUs. */
  readonly gpuNodePool: pulumi.Resource | undefined;
}

/** Trains, evaluates and gates. */
export type TrainingArgs<T extends Target> = RunArgs<T, TrainingPlan>;
/** Takes over what another stack has released, if it passes the gate here too. */
export type PromotionArgs<T extends Target> = RunArgs<T, PromotionPlan>;
/** Lets a version serve that has served before. */
export type RollbackArgs<T extends Target> = RunArgs<T, RollbackPlan>;

export interface RunOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  /** Address of the run's page in the tracker. */
  readonly runUrl: pulumi.Output<string>;
}

/** Serves the package of a release; it stays as it is while the digest does. */
export interface InferenceArgs<T extends Target> {
  readonly environment: T["environment"];
  readonly store: T["store"];
  readonly release: pulumi.Output<Release>;
  readonly settings: Chapter<T, "inference">;
  /** What a predict request must show: a secret. Without one, everybody may ask. */
  readonly token: pulumi.Output<string> | undefined;
}
export interface InferenceOutputs {
  /** Address of the page to ask the model on, without a slash at its end. */
  readonly url: pulumi.Output<string>;
  readonly predictUrl: pulumi.Output<string>;
}

/** Has the services watched. */
export interface MonitoringArgs<T extends Target> {
  readonly environment: T["environment"];
  readonly settings: NonNullable<Chapter<T, "monitoring">>;
}

type Component<Args, Outputs> = new (name: string, args: Args) => Outputs;

/** What every target provides: the same components with the same arguments and outputs. */
export interface Platform<T extends Target> {
  /**
   * Looks for what would stop an update halfway, before anything is started.
   * @throws {ConfigError} with every problem at once
   */
  preflight(stack: string, config: T["config"]): Promise<T["facts"]>;
  /**
   * Makes sure that a promotion can fetch its package, and takes it along where only this machine
   * has it. Only of targets that run it elsewhere.
   * @throws {ConfigError} if the package cannot come there
   */
  bringPackage?(stack: string, config: T["config"], plan: PromotionPlan): Promise<PromotionPlan>;
  readonly Environment: Component<EnvironmentArgs<T>, T["environment"]>;
  readonly ObjectStore: Component<ObjectStoreArgs<T>, T["store"]>;
  readonly Tracker: Component<TrackerArgs<T>, T["tracker"]>;
  /** Only of targets that have nodes. */
  readonly GpuNodePool?: Component<GpuNodePoolArgs<T>, pulumi.Resource>;
  readonly Training: Component<TrainingArgs<T>, RunOutputs>;
  readonly Promotion: Component<PromotionArgs<T>, RunOutputs>;
  readonly Rollback: Component<RollbackArgs<T>, RunOutputs>;
  readonly Inference: Component<InferenceArgs<T>, InferenceOutputs>;
  /** Only of targets that are watched from outside. */
  readonly Monitoring?: Component<MonitoringArgs<T>, pulumi.Resource>;
}
