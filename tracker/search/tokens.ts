import { invalidParameter } from "../mlflow-error.ts";

/** A piece of a filter or of an `order_by` clause. */
export type Token =
  /** A word as it stands: keyword, or (part of) a name. */
  | { readonly kind: "word"; readonly text: string }
  /** In single or double quotes, which are taken off. */
  | { readonly kind: "string"; readonly text: string }
  /** In backticks, which are taken off. */
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "operator"; readonly text: string }
  | { readonly kind: "punctuation"; readonly text: string };

// Each alternative reads a text in one way only: otherwise a long one takes minutes to be refused.
const pattern =
  /(?<space>\s+)|'(?<single>(?:[^']|'')*)'|"(?<double>(?:[^"]|"")*)"|`(?<name>[^`]+)`|(?<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.]))|(?<word>[\p{L}\p{N}_][\p{L}\p{N}_.]*)|(?<operator>!=|>=|<=|=|>|<)|(?<punctuation>[(),.])/uy;

/**
 * Cuts a filter or an `order_by` clause into its tokens, without the white space.
 * @throws {HttpError} 400 at the first character that belongs to none
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    pattern.lastIndex = position;
    const groups = pattern.exec(text)?.groups;
    if (!groups) {
      throw invalidParameter(
        `Invalid clause(s) in filter string: cannot read '${text}' from position ${position} on, '${text.slice(position, position + 20)}'. Keys with other characters than letters, digits, '_' and '.' go in backticks, values in quotes.`,
      );
    }
    position = pattern.lastIndex;
    const token = tokenOf(groups);
    if (token) tokens.push(token);
  }
  return tokens;
}

function tokenOf(groups: Record<string, string | undefined>): Token | undefined {
  const { single, double, name, number, word, operator, punctuation } = groups;
  if (single !== undefined) return { kind: "string", text: single.replaceAll("''", "'") };
  if (double !== undefined) return { kind: "string", text: double.replaceAll('""', '"') };
  if (name !== undefined) return { kind: "name", text: name };
  if (number !== undefined) return { kind: "number", text: number };
  if (word !== undefined) return { kind: "word", text: word };
  if (operator !== undefined) return { kind: "operator", text: operator };
  if (punctuation !== undefined) return { kind: "punctuation", text: punctuation };
  return undefined;
}
