import type { LocalConfig } from "../config/config.ts";
import type { ObjectStoreOutputs, TrackerOutputs } from "../platform.ts";
import type { Environment } from "./environment.ts";

/** Target `local`: processes on this machine. */
export interface LocalTarget {
  readonly config: LocalConfig;
  readonly facts: void;
  readonly environment: Environment;
  readonly store: ObjectStoreOutputs;
  readonly tracker: TrackerOutputs;
}
