import { describe, expect, it } from "vitest";
import { s3Address, s3Uri } from "./s3-address.ts";

describe("s3Address", () => {
  it.each([
    ["s3://bucket", { bucket: "bucket", prefix: "" }, "s3://bucket"],
    ["s3://bucket/", { bucket: "bucket", prefix: "" }, "s3://bucket"],
    ["s3://my.bucket-1/a/b/", { bucket: "my.bucket-1", prefix: "a/b" }, "s3://my.bucket-1/a/b"],
    ["s3://bucket/a b/%41#?", { bucket: "bucket", prefix: "a b/%41#?" }, "s3://bucket/a b/%41#?"],
  ])("reads %s", (uri, address, tidy) => {
    expect(s3Address(uri)).toEqual(address);
    expect(s3Uri(s3Address(uri))).toBe(tidy);
  });

  it.each(["s3://", "s3:///a", "s3://B/a", "s3://bucket/../a", "s3://bucket/a//b"])(
    "refuses %s",
    (uri) => {
      expect(() => s3Address(uri)).toThrow(
        `${uri} is not an artifact store: expected s3://<bucket>/<prefix>`,
      );
    },
  );

  it("shows no password that does not belong there", () => {
    expect(() => s3Address("s3://me:secret@bucket/a")).toThrow("s3://bucket/a is not an artifact");
  });
});
