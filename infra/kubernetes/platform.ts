import type { Platform } from "../platform.ts";
import { preflight } from "./cluster/preflight.ts";
import { Environment } from "./environment/environment.ts";
import { GpuNodePool } from "./gpu/gpu-node-pool.ts";
import { Inference } from "./inference/inference.ts";
import type { KubernetesTarget } from "./kubernetes-target.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import { ObjectStore } from "./store/object-store.ts";
import { Tracker } from "./tracker/tracker.ts";
import { bringPackage } from "./training/source/bring-package.ts";
import { Promotion } from "./training/promotion.ts";
import { Rollback } from "./training/rollback.ts";
import { Training } from "./training/training.ts";

/** The components of target `kubernetes`. */
export const kubernetesPlatform: Platform<KubernetesTarget> = {
  preflight,
  bringPackage,
  Environment,
  ObjectStore,
  Tracker,
  GpuNodePool,
  Training,
  Promotion,
  Rollback,
  Inference,
  Monitoring,
};
