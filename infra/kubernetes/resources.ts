import type { Resources } from "../config/manifest-values.ts";

/** Requests and limits of a container, by resource. */
export interface ContainerResources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

/** The defaults with what the configuration says over them. */
export function resourcesOf(defaults: ContainerResources, given: Resources): ContainerResources {
  return {
    requests: { ...defaults.requests, ...defined(given.requests) },
    limits: { ...defaults.limits, ...defined(given.limits) },
  };
}

function defined(
  values: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
