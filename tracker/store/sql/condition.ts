import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { Filter, Operator } from "../../search/filter.ts";
import type { Entity, Field } from "../../search/grammar.ts";
import type { Order } from "../../search/order-by.ts";
import type { SortJoin, SortTerm } from "./page.ts";
import type { SortValue } from "../../search/page-token.ts";

/** Where the values of one kind of search are. */
export interface SearchedTable {
  /** Column of each attribute, with its table. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Attributes whose column may be null. */
  readonly nullable?: readonly string[];
  /** Attributes with texts whose column is null where the text is empty. */
  readonly emptyAsNull?: readonly string[];
  /** Tables with a key and a value, and the columns they share with the searched table. */
  readonly keyed: Readonly<Partial<Record<Entity, KeyedTable>>>;
  /** What is found by way of other tables, by the field's name such as `dataset.digest`. */
  readonly related?: Readonly<Record<string, RelatedColumn>>;
}

interface RelatedColumn {
  readonly column: string;
  /** `from` and `where` for the rows that belong to a row of the searched table. */
  readonly rows: RawBuilder<unknown>;
}

interface KeyedTable {
  readonly table: string;
  /** From columns of the keyed table to those of the searched one, with its name. */
  readonly join: Readonly<Record<string, string>>;
  /** Which of its rows, named `keyed`, count in filters. Those sorted by are one for each key. */
  readonly only?: RawBuilder<SqlBool> | undefined;
}

const operators: Readonly<Record<Exclude<Operator, "LIKE" | "ILIKE">, RawBuilder<unknown>>> = {
  "=": sql`=`,
  "!=": sql`<>`,
  ">": sql`>`,
  ">=": sql`>=`,
  "<": sql`<`,
  "<=": sql`<=`,
};

/** A filter as SQL. Nothing of it is text there but what stands in this file. */
export function condition(filter: Filter, searched: SearchedTable): RawBuilder<SqlBool> {
  switch (filter.kind) {
    case "and":
      return filter.of.length === 0
        ? sql`1 = 1`
        : sql`(${sql.join(
            filter.of.map((part) => condition(part, searched)),
            sql` and `,
          )})`;
    case "missing": {
      const found = exists(filter.field, searched, sql`1 = 1`);
      return filter.negated ? found : sql`not ${found}`;
    }
    case "in": {
      const within = sql`in (${sql.join(filter.values)})`;
      const among = filter.negated ? sql`not ${within}` : within;
      const related = relatedColumn(filter.field, searched);
      if (related) {
        return existsRelated(related, sql`${sql.ref(related.column)} ${among}`);
      }
      if (filter.field.entity !== "attribute") {
        return exists(filter.field, searched, sql`keyed.value ${among}`);
      }
      return sql`${attributeColumn(filter.field, searched)} ${among}`;
    }
    case "compare":
      return comparison(filter, searched);
  }
}

function comparison(
  { field, operator, value }: Extract<Filter, { kind: "compare" }>,
  searched: SearchedTable,
): RawBuilder<SqlBool> {
  if (field.entity === "attribute") {
    return compare(attributeColumn(field, searched), operator, value);
  }
  const related = relatedColumn(field, searched);
  if (related) {
    return existsRelated(related, compare(sql.ref(related.column), operator, value));
  }
  const fits = compare(sql.ref("keyed.value"), operator, value);
  if (field.entity === "metric") {
    // A NaN differs from every number and is in no other relation to any.
    const nan = operator === "!=" ? sql`or keyed.is_nan = 1` : sql`and keyed.is_nan = 0`;
    return exists(field, searched, sql`(${fits} ${nan})`);
  }
  return exists(field, searched, fits);
}

function compare(
  expression: RawBuilder<unknown>,
  operator: Operator,
  value: string | number,
): RawBuilder<SqlBool> {
  if (operator === "LIKE" || operator === "ILIKE") {
    // Postgres escapes by a backslash where nothing else is said, SQLite does not.
    const pattern = String(value).replaceAll("\\", "\\\\");
    return operator === "LIKE"
      ? sql`${expression} like ${pattern} escape '\\'`
      : sql`lower(${expression}) like ${lowerCased(pattern)} escape '\\'`;
  }
  const compared = typeof value === "number" ? comparedNumber(value) : sql`${value}`;
  return sql`${expression} ${operators[operator]} ${compared}`;
}

/** What is no integer of 64 bits cannot stand beside a column of them in Postgres. */
function comparedNumber(value: number): RawBuilder<number> {
  return Number.isSafeInteger(value) ? sql`${value}` : sql`cast(${value} as double precision)`;
}

/** In lower case as `lower` has it for texts that sort by code point: A to Z alone. */
function lowerCased(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function exists(
  field: Field,
  searched: SearchedTable,
  fits: RawBuilder<SqlBool>,
): RawBuilder<SqlBool> {
  return sql`exists (select 1 ${fromKeyed(field, searched)} and ${fits})`;
}

function relatedColumn(field: Field, { related }: SearchedTable): RelatedColumn | undefined {
  return related?.[`${field.entity}.${field.key}`];
}

function existsRelated({ rows }: RelatedColumn, fits: RawBuilder<SqlBool>): RawBuilder<SqlBool> {
  return sql`exists (select 1 ${rows} and ${fits})`;
}

/** `from` and `where` for the rows with a key that belong to a row of the searched table. */
function fromKeyed(field: Field, searched: SearchedTable): RawBuilder<unknown> {
  const { table, on } = joinKeyed(field, searched, "keyed");
  const only = searched.keyed[field.entity]?.only ?? sql`1 = 1`;
  return sql`from ${sql.table(table)} as keyed where ${on} and ${only}`;
}

/** The rows with a key, by the name that is given them here, and to which rows they belong. */
function joinKeyed(field: Field, { keyed }: SearchedTable, alias: string): SortJoin {
  const { table, join } = keyed[field.entity] ?? unknownField(field);
  const conditions = [
    ...Object.entries(join).map(
      ([column, searchedColumn]) =>
        sql`${sql.ref(`${alias}.${column}`)} = ${sql.ref(searchedColumn)}`,
    ),
    sql`${sql.ref(`${alias}.key`)} = ${field.key}`,
  ];
  return { table, alias, on: sql`${sql.join(conditions, sql` and `)}` };
}

function attributeColumn(
  field: Field,
  { attributes, emptyAsNull }: SearchedTable,
): RawBuilder<string | number> {
  const column = sql.ref<string | number>(attributes[field.key] ?? unknownField(field));
  return emptyAsNull?.includes(field.key) ? sql`coalesce(${column}, '')` : column;
}

function unknownField(field: Field): never {
  throw new Error(`the parser let ${field.entity} '${field.key}' pass, which has no column`);
}

/** What rows are sorted by: numbers and texts first, then NaN, then what has no value. */
export function sortTerms(orders: readonly Order[], searched: SearchedTable): SortTerm[] {
  return orders.flatMap(({ field, descending }, index): SortTerm[] => {
    const name = `${field.entity}.${field.key}`;
    if (field.entity !== "attribute") {
      const alias = `sorted_by_${index}`;
      const value = sql.ref<SortValue>(`${alias}.value`);
      const present = field.entity === "metric" ? sql.ref(`${alias}.is_nan`) : sql`0`;
      const rank = sql<number>`case when ${value} is null then 2 else ${present} end`;
      return [
        { name, expression: rank, descending: false, join: joinKeyed(field, searched, alias) },
        { name, expression: value, descending },
      ];
    }
    const expression = attributeColumn(field, searched);
    if (!searched.nullable?.includes(field.key)) return [{ name, expression, descending }];
    const missingLast = sql<number>`case when ${expression} is null then 1 else 0 end`;
    return [
      { name, expression: missingLast, descending: false },
      { name, expression, descending },
    ];
  });
}
