import { containersOf } from "../manifest.ts";
import { resourceRule } from "../rule.ts";
import { lacks } from "../values.ts";

/** What every container says. CPU has no limit: it would slow down just what comes at once. */
const demanded = [
  ["requests", "cpu"],
  ["requests", "memory"],
  ["limits", "memory"],
] as const;

/** Every container says what it needs, and how much memory it may take. */
export const requestsAndLimits = resourceRule(
  {
    name: "requests-and-limits",
    severity: "mandatory",
    what: "Every container asks for CPU and memory, and has a limit of memory; a limit of CPU is not asked for.",
    why: "The scheduler places pods by their requests, and a container without a memory limit takes its neighbours down with it.",
  },
  (resource) =>
    containersOf(resource).flatMap(({ where, spec }) => {
      const missing = demanded.filter((path) => lacks(spec, "resources", ...path));
      if (missing.length === 0) return [];
      const problem = `no ${missing.map((path) => path.join(".")).join(", ")}`;
      return [{ where, problem, fix: "set them below resources of the container" }];
    }),
);
