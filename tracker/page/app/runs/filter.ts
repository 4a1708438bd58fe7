/**
 * The filter in MLflow's words. A text without an operator is looked for in the runs' names, which
 * is what people mean by it.
 */
export function filterFrom(text: string): string {
  const trimmed = text.trim();
  const hasOperator = /[=<>]|\s(?:like|ilike|in|is|not)\b/i.test(trimmed);
  if (trimmed === "" || hasOperator) return trimmed;
  const quote = trimmed.includes("'") ? '"' : "'";
  return `attributes.run_name ILIKE ${quote}%${trimmed}%${quote}`;
}

/** Filters to learn the grammar from. */
export const exampleFilters: readonly string[] = [
  "metrics.accuracy > 0.98",
  "params.epochs = '4' AND metrics.loss < 0.1",
  "attributes.status = 'FAILED'",
  "tags.`updraft.gate` = 'passed'",
  "attributes.run_name ILIKE '%night%'",
];
