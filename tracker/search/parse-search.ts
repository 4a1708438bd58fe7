import { type Filter, parseFilter } from "./filter.ts";
import type { Grammar } from "./grammar.ts";
import { type Order, parseOrderBy } from "./order-by.ts";

/** What clients of every search write as text. */
interface SearchTexts {
  readonly filter: string;
  readonly order_by: readonly string[];
}

/**
 * A search with its texts parsed, its other fields as they are.
 * @throws {HttpError} 400 that says what is wrong
 */
export function parseSearch<Fields extends SearchTexts>(
  { filter, order_by, ...others }: Fields,
  grammar: Grammar,
): Omit<Fields, keyof SearchTexts> & { filter: Filter; order_by: Order[] } {
  return {
    ...others,
    filter: parseFilter(filter, grammar),
    order_by: parseOrderBy(order_by, grammar),
  };
}
