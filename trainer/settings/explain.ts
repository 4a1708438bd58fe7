import { GateRules } from "@updraft/contracts/gate";
import { Sweep } from "@updraft/contracts/sweep";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { QualityRules } from "@updraft/models/quality";
import type { z } from "zod";
import type { Given } from "./given.ts";
import { generalOptions } from "./options.ts";

/** Keys whose values are shown to nobody. */
const secrets = new Set(
  generalOptions.filter(({ flag }) => flag === undefined).map(({ key }) => key),
);

/** What is wrong with a setting, a line for each problem; a secret's value is not in it. */
export function explain(
  issue: z.core.$ZodIssue,
  given: ReadonlyMap<string, Given>,
  definition: ModelDefinition,
): string[] {
  if (issue.code === "unrecognized_keys" && issue.path[0] === "hyperparameters") {
    const known = Object.keys(definition.hyperparameters.shape).join(", ");
    return issue.keys.map(
      (key) =>
        `${given.get(`hyperparameters.${key}`)?.source ?? key}: ${definition.name} has no such hyperparameter; it has ${known}`,
    );
  }
  if (issue.code === "unrecognized_keys" && issue.path[0] === "gate") {
    const known = Object.keys(GateRules.shape).join(", ");
    return issue.keys.map(
      (key) => `${given.get("gate")?.source} ${key}: there is no such rule; the rules are ${known}`,
    );
  }
  if (issue.code === "unrecognized_keys" && issue.path[0] === "quality" && !issue.path[1]) {
    const known = Object.keys(QualityRules.shape).join(", ");
    return issue.keys.map(
      (key) =>
        `${given.get("quality")?.source} ${key}: there is no such check; the checks are ${known}`,
    );
  }
  if (issue.code === "unrecognized_keys" && issue.path[0] === "sweep") {
    const known = Object.keys(Sweep.shape).join(", ");
    return issue.keys.map(
      (key) => `${given.get("sweep")?.source} ${key}: there is no such key; the keys are ${known}`,
    );
  }
  const [group, ...rest] = issue.path.map(String);
  const exact = given.get([group, ...rest].join("."));
  const value = exact ?? given.get(group ?? "");
  const where = exact ? value?.source : [value?.source, ...rest].join(" ");
  const shown = secrets.has(group ?? "") ? "" : shortJson(exact?.value);
  return [`${where} ${shown}: ${issue.message}`.replace(" :", ":")];
}

function shortJson(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
