import { z } from "zod";
import { httpAddress } from "./http-address.ts";
import { Port } from "./inference.ts";
import { Ingress, Resources, volume } from "./manifest-values.ts";

/** Address of a tracker, without a slash at its end. */
const TrackerUri = httpAddress(
  "http://host:port or https://host",
  "set updraft:trackerUsername and trackerPassword",
);

/** `updraft:tracker` of target `local`. */
export const LocalTracker = z.strictObject({
  /** Where the stack's own tracker listens. */
  port: Port.default(5000),
  /** Address of a tracker that is there already, ours or an MLflow server. @default its own */
  uri: TrackerUri.optional(),
});

/** `updraft:tracker` of target `kubernetes`. */
export const KubernetesTracker = z.strictObject({
  /** `updraft`: ours; `mlflow`: the official image of MLflow's own server. */
  kind: z.enum(["updraft", "mlflow"]).default("updraft"),
  /** Address of a tracker that is there already, as pods reach it. @default its own */
  uri: TrackerUri.optional(),
  replicas: z.int().min(1).max(20).default(1),
  resources: Resources.prefault({}),
  /** The Postgres of the stack; with the secret `updraft:databaseUri` one that is there is used. */
  database: z.strictObject({ ...volume("5Gi"), resources: Resources.prefault({}) }).prefault({}),
  ingress: Ingress.optional(),
});
