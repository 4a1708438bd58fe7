import { invalidParameter } from "../mlflow-error.ts";
import type { ModelOrder } from "../store/logged-models.ts";
import { fieldNamed, loggedModelGrammar } from "./grammar.ts";

/** A clause of `order_by` in a search of logged models. */
export interface ModelOrderClause {
  /** An attribute, or `metrics.` and the name of a metric. */
  readonly field_name: string;
  readonly ascending: boolean;
  readonly dataset_name?: string | undefined;
  readonly dataset_digest?: string | undefined;
}

/**
 * What a clause sorts by; of a metric, its latest value on the dataset, if one is named.
 * @throws {HttpError} 400 that says what is wrong
 */
export function parseModelOrder(clause: ModelOrderClause): ModelOrder {
  const { field_name, ascending, dataset_name, dataset_digest } = clause;
  const descending = !ascending;
  const dot = field_name.indexOf(".");
  if (dot === -1) {
    const { key } = fieldNamed([field_name], loggedModelGrammar, loggedModelGrammar.orderable);
    return { entity: "attribute", key, descending };
  }
  if (field_name.slice(0, dot) !== "metrics" || dot === field_name.length - 1) {
    throw invalidParameter(
      `Invalid order by field name: ${field_name}. Only attributes and metrics are supported, such as creation_time or metrics.accuracy.`,
    );
  }
  return {
    entity: "metric",
    key: field_name.slice(dot + 1),
    descending,
    dataset_name: dataset_name || undefined,
    dataset_digest: dataset_digest || undefined,
  };
}
