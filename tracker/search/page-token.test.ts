import { describe, expect, it } from "vitest";
import { pageToken, parsePageToken } from "./page-token.ts";

describe("a page token", () => {
  it("carries texts, numbers, infinities and nulls", () => {
    const values = ["ä 'b'", 1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, 0];

    expect(parsePageToken(pageToken("a asc", values), "a asc", 6)).toEqual(values);
  });

  it("is refused when it is of another order", () => {
    const token = pageToken("a asc", [1, 2]);

    expect(() => parsePageToken(token, "a desc", 2)).toThrow(
      `Invalid page token '${token}': it is of a search with another order_by`,
    );
    expect(() => parsePageToken(token, "a asc", 3)).toThrow("another order_by");
  });

  it("is refused when it is no token at all", () => {
    for (const content of ["%%%", "[]", "[1]", '["a",{"b":1}]', '{"a":1}']) {
      const token = Buffer.from(content).toString("base64url");
      expect(() => parsePageToken(token, "a asc", 1)).toThrow("it is no next_page_token");
    }
  });
});
