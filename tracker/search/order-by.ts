import { invalidParameter } from "../mlflow-error.ts";
import { fieldNamed, type Field, type Grammar } from "./grammar.ts";

/** One thing to sort by. */
export interface Order {
  readonly field: Field;
  readonly descending: boolean;
}

const maxClauses = 20;

/**
 * Parses the clauses of `order_by`, such as `metrics.accuracy DESC`; ascending is the default.
 * @throws {HttpError} 400 that says what is wrong
 */
export function parseOrderBy(clauses: readonly string[], grammar: Grammar): Order[] {
  if (clauses.length > maxClauses) {
    throw invalidParameter(
      `\`order_by\` has ${clauses.length} clauses; at most ${maxClauses} are possible`,
    );
  }
  const orders = clauses.map((clause) => parseClause(clause, grammar));
  const names = new Set(orders.map(({ field }) => `${field.entity}.${field.key}`));
  if (names.size < orders.length) {
    throw invalidParameter(`\`order_by\` contains duplicate fields: ${clauses.join(", ")}`);
  }
  return orders;
}

function parseClause(clause: string, grammar: Grammar): Order {
  const parts =
    /^(?:(?<entity>[A-Za-z]+)\.)?(?:`(?<ticked>[^`]+)`|"(?<quoted>[^"]+)"|(?<plain>[^\s`"]+))(?:\s+(?<direction>asc|desc))?$/iu.exec(
      clause.trim(),
    )?.groups;
  const key = parts?.ticked ?? parts?.quoted ?? parts?.plain;
  if (!parts || key === undefined) {
    throw invalidParameter(
      `Invalid order_by clause '${clause}'. Expected a field such as metrics.accuracy, in backticks if it has spaces, then ASC, DESC or nothing.`,
    );
  }
  const name: [string, string?] = parts.entity === undefined ? [key] : [parts.entity, key];
  const field = fieldNamed(name, grammar, grammar.orderable);
  if (field.entity === "dataset") {
    throw invalidParameter(
      `Invalid identifier type 'dataset' in order_by clause '${clause}'. A run may have many datasets; sort by attributes, metrics, params or tags.`,
    );
  }
  return { field, descending: parts.direction?.toLowerCase() === "desc" };
}
