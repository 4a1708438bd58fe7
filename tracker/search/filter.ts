import { invalidParameter } from "../mlflow-error.ts";
import { fieldNamed, type Field, type Grammar } from "./grammar.ts";
import { tokensOf, type Token } from "./tokens.ts";

/** Operators that compare a field with one value. */
export type Operator = "=" | "!=" | ">" | ">=" | "<" | "<=" | "LIKE" | "ILIKE";

/** A filter as a tree: what it says, without its spelling. */
export type Filter =
  | { readonly kind: "and"; readonly of: readonly Filter[] }
  | {
      readonly kind: "compare";
      readonly field: Field;
      readonly operator: Operator;
      readonly value: string | number;
    }
  | {
      readonly kind: "in";
      readonly field: Field;
      readonly negated: boolean;
      readonly values: readonly (string | number)[];
    }
  /** The key is not there at all; negated: it is. */
  | { readonly kind: "missing"; readonly field: Field; readonly negated: boolean };

/** More than anybody writes, and less than a database can take in one statement. */
const maxComparisons = 100;
const maxListLength = 10_000;

const numberOperators = ["=", "!=", ">", ">=", "<", "<="];
const textOperators = ["=", "!=", "LIKE", "ILIKE"];

/**
 * Parses comparisons joined by `AND`, such as `metrics.accuracy > 0.99 AND tags.a = 'b'`.
 * @param text empty for a filter that everything passes
 * @throws {HttpError} 400 that says what is wrong
 * @see https://mlflow.org/docs/latest/search-runs.html
 */
export function parseFilter(text: string, grammar: Grammar): Filter {
  const reader = new TokenReader(text);
  const comparisons: Filter[] = [];
  while (!reader.atEnd) {
    if (comparisons.length > 0 && !reader.takeWord("AND")) {
      throw reader.unexpected("AND between comparisons");
    }
    comparisons.push(parseComparison(reader, grammar));
  }
  if (comparisons.length > maxComparisons) {
    throw invalidParameter(
      `The filter has ${comparisons.length} comparisons; at most ${maxComparisons} are possible`,
    );
  }
  checkLists(comparisons);
  return { kind: "and", of: comparisons };
}

/** All lists count together: a database limits the values of a whole statement. */
function checkLists(comparisons: readonly Filter[]): void {
  const count = comparisons.reduce(
    (sum, part) => sum + (part.kind === "in" ? part.values.length : 0),
    0,
  );
  if (count <= maxListLength) return;
  throw invalidParameter(
    `The lists of the filter have ${count} values; at most ${maxListLength} are possible`,
  );
}

function parseComparison(reader: TokenReader, grammar: Grammar): Filter {
  const field = fieldNamed(readName(reader), grammar, Object.keys(grammar.attributes));
  if (reader.takeWord("IS")) {
    const negated = reader.takeWord("NOT");
    if (!reader.takeWord("NULL")) throw reader.unexpected("NULL");
    return missing(field, negated);
  }
  const negated = reader.takeWord("NOT");
  if (reader.takeWord("IN")) return inList(reader, field, grammar, negated);
  if (negated) throw reader.unexpected("IN after NOT");
  const isNumber = holdsNumber(field, grammar);
  const operator = readOperator(reader, isNumber ? numberOperators : textOperators);
  const value = readValue(reader, field, grammar);
  return { kind: "compare", field, operator, value };
}

/** `["tags", "a.b"]` for `tags.a.b`, tags.`a.b` and tags."a.b"; `["status"]` for `status`. */
function readName(reader: TokenReader): [string, string?] {
  const token = reader.take();
  if (token?.kind === "name" || token?.kind === "string") return [token.text];
  if (token?.kind !== "word") throw reader.unexpected("a name such as tags.key", token);
  const dot = token.text.indexOf(".");
  if (dot === -1) return [token.text];
  const entity = token.text.slice(0, dot);
  const key = token.text.slice(dot + 1);
  if (key !== "") return [entity, key];
  const quoted = reader.take();
  if (quoted?.kind === "name" || quoted?.kind === "string") return [entity, quoted.text];
  throw reader.unexpected(`a key after '${token.text}'`, quoted);
}

function holdsNumber(field: Field, grammar: Grammar): boolean {
  return field.entity === "attribute"
    ? grammar.attributes[field.key] === "number"
    : field.entity === "metric";
}

function readOperator(reader: TokenReader, allowed: readonly string[]): Operator {
  const token = reader.take();
  const operator = token?.text.toUpperCase();
  if (!token || (token.kind !== "operator" && token.kind !== "word") || !operator) {
    throw reader.unexpected("a comparison", token);
  }
  if (!allowed.includes(operator)) {
    throw invalidParameter(
      `Invalid comparator '${token.text}' not one of [${allowed.map((name) => `'${name}'`).join(", ")}]`,
    );
  }
  return operator as Operator;
}

function readValue(reader: TokenReader, field: Field, grammar: Grammar): string | number {
  const token = reader.take();
  return holdsNumber(field, grammar)
    ? numberIn(token, field, grammar)
    : textIn(token, field, grammar);
}

function numberIn(token: Token | undefined, field: Field, grammar: Grammar): number {
  const mayBeQuoted = field.entity === "attribute" && grammar.quotedNumbers?.includes(field.key);
  const quoted = mayBeQuoted && token?.kind === "string" && /^\d{1,15}$/.test(token.text);
  const value = token?.kind === "number" || quoted ? Number(token.text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw invalidParameter(
    `Expected numeric value type for ${nameOf(field)}. Found ${token ? describe(token) : "nothing"}`,
  );
}

function textIn(token: Token | undefined, field: Field, grammar: Grammar): string {
  const isBare = grammar.bareTexts && (token?.kind === "word" || token?.kind === "number");
  if (token?.kind === "string" || (token && isBare)) {
    const aliases = field.entity === "attribute" ? grammar.valueAliases?.[field.key] : undefined;
    return aliases && Object.hasOwn(aliases, token.text)
      ? (aliases[token.text] ?? token.text)
      : token.text;
  }
  throw invalidParameter(
    `Expected a quoted string value for ${nameOf(field)} (e.g. 'my-value'). Got value ${token ? describe(token) : "nothing"}`,
  );
}

function inList(reader: TokenReader, field: Field, grammar: Grammar, negated: boolean): Filter {
  const isListed = field.entity === "attribute" && grammar.lists.includes(field.key);
  if (!isListed && !grammar.listEntities?.includes(field.entity)) {
    throw invalidParameter(
      `Only [${grammar.lists.map((name) => `'${name}'`).join(", ")}] attributes support comparison with a list of quoted string values.`,
    );
  }
  const values: (string | number)[] = [];
  if (!reader.takePunctuation("(")) throw reader.unexpected("a list in parentheses");
  do values.push(readValue(reader, field, grammar));
  while (reader.takePunctuation(","));
  if (!reader.takePunctuation(")")) throw reader.unexpected("')' at the end of the list");
  return { kind: "in", field, negated, values };
}

function missing(field: Field, negated: boolean): Filter {
  if (field.entity === "tag" || field.entity === "param") {
    return { kind: "missing", field, negated };
  }
  throw invalidParameter(
    `IS NULL / IS NOT NULL is only supported for tags and params, not for ${nameOf(field)}`,
  );
}

function nameOf(field: Field): string {
  return `${field.entity} '${field.key}'`;
}

function describe(token: Token): string {
  return token.kind === "string" ? `'${token.text}'` : token.text;
}

class TokenReader {
  readonly #text: string;
  readonly #tokens: Token[];
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  get atEnd(): boolean {
    return this.#position >= this.#tokens.length;
  }

  take(): Token | undefined {
    return this.#tokens[this.#position++];
  }

  /** Takes a keyword, in whatever case, if it comes next. */
  takeWord(word: string): boolean {
    return this.#takeIf((next) => next.kind === "word" && next.text.toUpperCase() === word);
  }

  takePunctuation(character: string): boolean {
    return this.#takeIf((next) => next.kind === "punctuation" && next.text === character);
  }

  #takeIf(fits: (next: Token) => boolean): boolean {
    const next = this.#tokens[this.#position];
    if (!next || !fits(next)) return false;
    this.#position += 1;
    return true;
  }

  unexpected(expected: string, found = this.#tokens[this.#position]): Error {
    const what = found ? describe(found) : "the end";
    return invalidParameter(
      `Invalid clause(s) in filter string: '${this.#text}': expected ${expected}, found ${what}`,
    );
  }
}
