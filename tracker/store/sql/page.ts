import { sql, type RawBuilder, type SelectQueryBuilder, type SqlBool } from "kysely";
import { pageToken, parsePageToken, type Page, type SortValue } from "../../search/page-token.ts";
import type { TrackerDatabase } from "./schema.ts";

/** Something that rows are sorted by. */
export interface SortTerm {
  /** What it is, such as `start_time`: a page token says which terms it is of. */
  readonly name: string;
  readonly expression: RawBuilder<SortValue>;
  readonly descending: boolean;
  /** Where its values are, if not in the searched table; terms that follow may use it too. */
  readonly join?: SortJoin | undefined;
}

/** A table of which at most one row belongs to each row of the searched one. */
export interface SortJoin {
  readonly table: string;
  /** The name of the table in expressions. */
  readonly alias: string;
  readonly on: RawBuilder<SqlBool>;
}

/** Which page is asked for. */
export interface PageRequest {
  readonly max_results: number;
  readonly page_token?: string | undefined;
}

/**
 * One page of a query's rows, sorted by terms that no two rows share all values of.
 * @throws {HttpError} 400 for a token that is none of this order
 */
export async function fetchPage<Table extends keyof TrackerDatabase, Row>(
  query: SelectQueryBuilder<TrackerDatabase, Table, Row>,
  terms: readonly SortTerm[],
  { max_results, page_token }: PageRequest,
): Promise<Page<Row>> {
  let sorted = joined(query, terms).select(
    terms.map(({ expression }, index) => expression.as(sortColumn(index))),
  ) as typeof query;
  for (const { expression, descending } of terms) {
    sorted = sorted.orderBy(expression, descending ? "desc" : "asc");
  }
  if (page_token) {
    const values = parsePageToken(page_token, orderName(terms), terms.length);
    sorted = sorted.where(following(terms, values));
  }
  // One more than asked for tells whether there is a next page.
  const found = (await sorted.limit(max_results + 1).execute()) as Row[];
  const rows = found.slice(0, max_results);
  const last = rows.at(-1);
  if (found.length <= max_results || !last) return { rows };
  return { rows, nextPageToken: tokenOfRow(last, terms) };
}

/** Postgres then reads the values of all rows at once, where it would look them up one by one. */
function joined<Table extends keyof TrackerDatabase, Row>(
  query: SelectQueryBuilder<TrackerDatabase, Table, Row>,
  terms: readonly SortTerm[],
): typeof query {
  let result = query;
  for (const { join } of terms) {
    if (!join) continue;
    const { table, alias, on } = join;
    result = result.leftJoin(sql.table(table).as(alias), (clause) =>
      clause.on(on),
    ) as unknown as typeof query;
  }
  return result;
}

/** The token of the page that begins after a row, which {@link fetchPage} gave by these terms. */
export function tokenOfRow(row: object, terms: readonly SortTerm[]): string {
  const values = row as Readonly<Record<string, SortValue>>;
  return pageToken(
    orderName(terms),
    terms.map((_, index) => values[sortColumn(index)] ?? null),
  );
}

function orderName(terms: readonly SortTerm[]): string {
  return terms.map(({ name, descending }) => `${name} ${descending ? "desc" : "asc"}`).join(", ");
}

function sortColumn(index: number): string {
  return `sort_${index}`;
}

/** The rows that come after the one with these sort values. */
function following(terms: readonly SortTerm[], values: readonly SortValue[]): RawBuilder<SqlBool> {
  const alternatives = terms.map((term, index) => {
    const sameBefore = terms.slice(0, index).map((same, i) => equals(same, values[i] ?? null));
    return sql`(${sql.join([...sameBefore, after(term, values[index] ?? null)], sql` and `)})`;
  });
  return sql`(${sql.join(alternatives, sql` or `)})`;
}

function equals({ expression }: SortTerm, value: SortValue): RawBuilder<SqlBool> {
  return value === null ? sql`${expression} is null` : sql`${expression} = ${value}`;
}

function after({ expression, descending }: SortTerm, value: SortValue): RawBuilder<SqlBool> {
  // Where there is no value, a term before this one has said so: those rows are equal here.
  if (value === null) return sql`1 = 0`;
  return descending ? sql`${expression} < ${value}` : sql`${expression} > ${value}`;
}
