import { GateRules } from "@updraft/contracts/gate";
import { z } from "zod";
import { Ephemeral } from "./ephemeral.ts";
import { Gpu } from "./gpu.ts";
import { Images } from "./images.ts";
import { KubernetesInference, LocalInference, PredictToken } from "./inference.ts";
import { Kubernetes } from "./kubernetes.ts";
import { KubernetesModel, LocalModel } from "./model.ts";
import { Monitoring } from "./monitoring.ts";
import { Promotion } from "./promotion.ts";
import { KubernetesStore, LocalStore } from "./store.ts";
import { KubernetesTracker, LocalTracker } from "./tracker.ts";
import { Training } from "./training.ts";

const Secret = z.string().min(1).optional();

/** Nothing of it is shown: it holds a password. */
const DatabaseUri = z
  .string()
  .refine((uri) => /^postgres(ql)?(\+\w+)?:\/\/./.test(uri) && URL.canParse(uri), {
    error: "expected postgresql://user:password@host:port/database",
  })
  .refine((uri) => !URL.canParse(uri) || new URL(uri).pathname.length > 1, {
    error: "names no database; expected postgresql://user:password@host:port/database",
  });

/** What a tracker is asked with; a stack's own tracker then lets in nobody else. */
const trackerCredentials = {
  trackerToken: Secret,
  /** With `trackerPassword`, in place of a token. */
  trackerUsername: Secret,
  trackerPassword: Secret,
};

/** What both targets have in the same form. */
const everywhere = {
  /** What a package must pass before it may serve. @default the model's own */
  gate: GateRules.optional(),
  promotion: Promotion.optional(),
  /** Whether the stack refuses to be destroyed, and keeps its data if it is all the same. */
  protect: z.boolean().default(false),
  ephemeral: Ephemeral.optional(),
};

/**
 * The configuration of a stack of target `local`, one key per chapter of the program. Every key
 * may be left out; one that is not listed here is an error.
 */
export const LocalConfig = z.strictObject({
  /** Where the stack runs; `local`: as processes on this machine. */
  target: z.literal("local", { error: "expected local or kubernetes" }).default("local"),
  model: LocalModel.prefault({}),
  ...everywhere,
  inference: LocalInference.prefault({}),
  predictToken: PredictToken.optional(),
  tracker: LocalTracker.prefault({}),
  ...trackerCredentials,
  store: LocalStore.prefault({}),
});
export type LocalConfig = z.infer<typeof LocalConfig> & {
  readonly [Key in "gpu" | "training" | "monitoring"]?: undefined;
};

/** The same of target `kubernetes`. */
export const KubernetesConfig = z.strictObject({
  target: z.literal("kubernetes"),
  model: KubernetesModel.prefault({}),
  ...everywhere,
  kubernetes: Kubernetes.prefault({}),
  images: Images.prefault({}),
  registryUsername: Secret,
  registryPassword: Secret,
  store: KubernetesStore.prefault({}),
  s3AccessKeyId: Secret,
  s3SecretAccessKey: Secret,
  tracker: KubernetesTracker.prefault({}),
  ...trackerCredentials,
  /** Address of a Postgres that is there already, password included. */
  databaseUri: DatabaseUri.optional(),
  gpu: Gpu.optional(),
  training: Training.prefault({}),
  inference: KubernetesInference.prefault({}),
  predictToken: PredictToken.optional(),
  monitoring: Monitoring.prefault({}),
});
export type KubernetesConfig = z.infer<typeof KubernetesConfig>;

/** The configuration of a stack: that of its target. */
export type Config = LocalConfig | KubernetesConfig;
