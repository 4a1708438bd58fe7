import { z } from "zod";
import { invalidParameter } from "../mlflow-error.ts";

/** A value that rows are sorted by. */
export type SortValue = string | number | null;

/** Rows and, where there are more, the token that the next page is asked for with. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly nextPageToken?: string | undefined;
}

const TokenContent = z.array(
  z.union([z.string(), z.number(), z.null(), z.strictObject({ number: z.string() })]),
);

/**
 * A page token: the sort values of the last row that was seen. The next page begins after them,
 * wherever rows were added meanwhile.
 */
export function pageToken(lastRow: readonly SortValue[]): string {
  const content = lastRow.map((value) =>
    typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value,
  );
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

/**
 * The sort values in a page token.
 * @param length how many they are for the order that is asked for
 * @throws {HttpError} 400 if it is no token of that order
 */
export function parsePageToken(token: string, length: number): SortValue[] {
  const content = TokenContent.safeParse(jsonIn(token)).data;
  if (content?.length !== length) {
    throw invalidParameter(
      `Invalid page token '${token.slice(0, 100)}'; pass next_page_token of the page before, with the same order_by`,
    );
  }
  return content.map((value) =>
    typeof value === "object" && value !== null ? Number(value.number) : value,
  );
}

function jsonIn(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
