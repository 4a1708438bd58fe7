import type { GateRules } from "@updraft/contracts/gate";
import { ruleNames, rulesFor, type Task } from "@updraft/contracts/rule-facts";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { Given } from "./given.ts";

const kinds: Readonly<Record<Task, string>> = {
  classification: "classifier",
  regression: "regressor",
};

/** What is wrong with rules for this model, a line each: what it has not cannot be measured. */
export function gateProblems(
  rules: GateRules,
  given: ReadonlyMap<string, Given>,
  { name, output: { labels } }: Pick<ModelDefinition, "name" | "output">,
): string[] {
  const source = given.get("gate")?.source ?? `the gate of ${name}`;
  const task: Task = labels ? "classification" : "regression";
  const known = rulesFor(task);
  const unfit = ruleNames.filter((rule) => rules[rule] !== undefined && !known.includes(rule));
  const unknown = Object.keys(rules.minRecallOf ?? {}).filter(
    (label) => labels && !labels.includes(label),
  );
  return [
    ...unfit.map(
      (rule) =>
        `${source} ${rule}: ${name} is a ${kinds[task]}, which has no such measure; the rules for it are ${known.join(", ")}`,
    ),
    ...unknown.map(
      (label) =>
        `${source} minRecallOf ${label}: ${name} has no such class; it has ${(labels ?? []).join(", ")}`,
    ),
  ];
}
