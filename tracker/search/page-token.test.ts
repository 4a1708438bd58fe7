import { describe, expect, it } from "vitest";
import { pageToken, parsePageToken } from "./page-token.ts";

describe("a page token", () => {
  it("carries texts, numbers, infinities and nulls", () => {
    const values = ["ä 'b'", 1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, 0];

    expect(parsePageToken(pageToken(values), 6)).toEqual(values);
  });

  it("is refused when it is of another order, or no token at all", () => {
    expect(() => parsePageToken(pageToken([1, 2]), 3)).toThrow("Invalid page token");
    expect(() => parsePageToken("%%%", 1)).toThrow("Invalid page token '%%%'");
    const nested = Buffer.from('[{"a":1}]').toString("base64url");
    expect(() => parsePageToken(nested, 1)).toThrow("Invalid page token");
  });
});
