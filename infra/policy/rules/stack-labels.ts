import { stackLabel } from "../../kubernetes/labels.ts";
import { isManifest, whereOf } from "../manifest.ts";
import { resourceRule } from "../rule.ts";
import { at, unknownYet } from "../values.ts";

/** Every object says which stack it is of. */
export const stackLabels = resourceRule(
  {
    name: "stack-labels",
    severity: "advisory",
    what: "Every object has the label `updraft.dev/stack` with the name of its stack.",
    why: "By that label people and scripts find what belongs to a stack, and what is left of one.",
  },
  (resource, { stack }) => {
    // A patch changes an object of somebody else.
    if (!isManifest(resource) || resource.type.endsWith("Patch")) return [];
    const label = at(resource.inputs, "metadata", "labels", stackLabel);
    if (label === stack || label === unknownYet) return [];
    const problem = `the label ${stackLabel} is ${label === undefined ? "not set" : String(label)}`;
    return [{ where: whereOf(resource), problem, fix: `set it to ${stack}` }];
  },
);
