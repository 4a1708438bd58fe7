import type { Platform } from "../platform.ts";
import { Environment } from "./environment.ts";
import { Inference } from "./inference.ts";
import type { LocalTarget } from "./local-target.ts";
import { ObjectStore } from "./object-store.ts";
import { preflight } from "./preflight.ts";
import { Promotion } from "./promotion.ts";
import { Rollback } from "./rollback.ts";
import { Tracker } from "./tracker.ts";
import { Training } from "./training.ts";

/** The components of target `local`. */
export const localPlatform: Platform<LocalTarget> = {
  preflight,
  Environment,
  ObjectStore,
  Tracker,
  Training,
  Promotion,
  Rollback,
  Inference,
};
