import type { Platform } from "../platform.ts";
import { Environment } from "./environment.ts";
import { Inference } from "./inference.ts";
import { ObjectStore } from "./object-store.ts";
import { Tracker } from "./tracker.ts";
import { Training } from "./training.ts";

/** The components of target `local`: processes on this machine. */
export const localPlatform: Platform<Environment> = {
  Environment,
  ObjectStore,
  Tracker,
  Training,
  Inference,
};
