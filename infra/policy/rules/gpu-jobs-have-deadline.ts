import { gpuResource } from "../../kubernetes/gpu/pool.ts";
import { containersOf, kindOf, whereOf } from "../manifest.ts";
import { resourceRule, type Resource } from "../rule.ts";
import { at, unknownYet } from "../values.ts";

/** A Job that takes GPUs ends by itself. */
export const gpuJobsHaveDeadline = resourceRule(
  {
    name: "gpu-jobs-have-deadline",
    severity: "mandatory",
    what: "A Job that asks for `nvidia.com/gpu` has `activeDeadlineSeconds`.",
    why: "A training that hangs holds GPUs, which are paid for by the hour, until somebody looks.",
  },
  (resource) => {
    if (!takesGpus(resource)) return [];
    const deadline = deadlineOf(resource);
    if (deadline === unknownYet || (typeof deadline === "number" && deadline > 0)) return [];
    const problem = `asks for ${gpuResource} and has no activeDeadlineSeconds`;
    const fix = "set it to what a run may take (updraft:training.timeoutMinutes of our own)";
    return [{ where: whereOf(resource), problem, fix }];
  },
);

function deadlineOf(resource: Resource): unknown {
  const job = kindOf(resource) === "CronJob" ? ["spec", "jobTemplate", "spec"] : ["spec"];
  return at(resource.inputs, ...job, "activeDeadlineSeconds");
}

function takesGpus(resource: Resource): boolean {
  if (!["Job", "CronJob"].includes(kindOf(resource) ?? "")) return false;
  return containersOf(resource).some(({ spec }) =>
    ["requests", "limits"].some((list) => at(spec, "resources", list, gpuResource) !== undefined),
  );
}
