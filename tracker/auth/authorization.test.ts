import { expect, it } from "vitest";
import { parseAuthorization } from "./authorization.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

it.each([
  ["Bearer abc", { secret: "abc" }],
  ["bearer  abc ", { secret: "abc" }],
  [`Basic ${base64("ada:secret")}`, { name: "ada", secret: "secret" }],
  [`BASIC ${base64("ada:with:colons")}`, { name: "ada", secret: "with:colons" }],
  [`Basic ${base64("jürgen:schlüssel")}`, { name: "jürgen", secret: "schlüssel" }],
  [`Basic ${base64(":token")}`, { secret: "token" }],
])("reads %j", (header, presented) => {
  expect(parseAuthorization(header)).toEqual(presented);
});

it.each([
  undefined,
  "",
  "Bearer",
  "Bearer ",
  "Basic",
  "Basic !",
  `Basic ${base64("no colon")}`,
  `Basic ${base64("ada:")}`,
  "Digest abc",
])("finds nobody in %j", (header) => {
  expect(parseAuthorization(header)).toBeUndefined();
});
