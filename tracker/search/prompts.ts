import type { Filter } from "./filter.ts";

/** Tag of the registered models and versions that are prompts, with the value `true`. */
export const promptTag = "mlflow.prompt.is_prompt";

/**
 * Prompts live among the registered models, but no search finds them that does not ask for them.
 * @returns whether prompts are to be left out, and the filter without what it says about that
 */
export function promptsIn(filter: Filter): { leftOut: boolean; filter: Filter } {
  if (filter.kind !== "and") return { leftOut: true, filter };
  const said = filter.of.find(isAboutPrompts);
  if (said && asksForPrompts(said)) return { leftOut: false, filter };
  return {
    leftOut: true,
    filter: { kind: "and", of: filter.of.filter((part) => !isAboutPrompts(part)) },
  };
}

type Comparison = Extract<Filter, { kind: "compare" }>;

function isAboutPrompts(part: Filter): part is Comparison {
  return part.kind === "compare" && part.field.entity === "tag" && part.field.key === promptTag;
}

function asksForPrompts({ operator, value }: Comparison): boolean {
  const truth = String(value).toLowerCase();
  return (operator === "=" && truth === "true") || (operator === "!=" && truth === "false");
}
