import { hash } from "node:crypto";
import { z } from "zod";
import { invalidParameter } from "../mlflow-error.ts";

/** A value that rows are sorted by. */
export type SortValue = string | number | null;

/** Rows and, where there are more, the token that the next page is asked for with. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly nextPageToken?: string | undefined;
}

const TokenContent = z.tuple(
  [z.string()],
  z.union([z.string(), z.number(), z.null(), z.strictObject({ number: z.string() })]),
);

/**
 * A page token: which order it is of, and the sort values of the last row that was seen. The next
 * page begins after them, wherever rows were added meanwhile.
 * @param order what the rows are sorted by, such as `start_time desc, run_id asc`
 */
export function pageToken(order: string, lastRow: readonly SortValue[]): string {
  const content = lastRow.map((value) =>
    typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value,
  );
  return Buffer.from(JSON.stringify([fingerprint(order), ...content])).toString("base64url");
}

/**
 * The sort values in a page token.
 * @param order what is asked for now, as in {@link pageToken}
 * @param length how many values that order has
 * @throws {HttpError} 400 if it is no token, or one of another order
 */
export function parsePageToken(token: string, order: string, length: number): SortValue[] {
  const content = TokenContent.safeParse(jsonIn(token)).data;
  if (!content) {
    throw invalidParameter(
      `Invalid page token '${shortened(token)}': it is no next_page_token of this tracker`,
    );
  }
  const [orderOfToken, ...values] = content;
  if (orderOfToken !== fingerprint(order) || values.length !== length) {
    throw invalidParameter(
      `Invalid page token '${shortened(token)}': it is of a search with another order_by; pass it with the order_by of the page that it came with, or leave it out to begin again`,
    );
  }
  return values.map((value) =>
    typeof value === "object" && value !== null ? Number(value.number) : value,
  );
}

/** Enough to tell orders apart that somebody confuses; nothing depends on its being secret. */
function fingerprint(order: string): string {
  return hash("sha256", order, "hex").slice(0, 8);
}

function shortened(token: string): string {
  return token.length > 100 ? `${token.slice(0, 100)}…` : token;
}

function jsonIn(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
