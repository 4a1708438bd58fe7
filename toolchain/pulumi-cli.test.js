import { describe, expect, it } from "vitest";
import { checksumOf } from "./pulumi-cli.js";

/** @param {string} digit */
const sum = (digit) => digit.repeat(64);

describe("checksumOf", () => {
  const list = `${sum("a")}  pulumi-v3.256.0-linux-x64.tar.gz
${sum("b")} *pulumi-v3.256.0-darwin-arm64.tar.gz
${sum("c")}  old/pulumi-v3.256.0-linux-arm64.tar.gz
`;

  it("finds the line of a file", () => {
    expect(checksumOf("pulumi-v3.256.0-linux-x64.tar.gz", list)).toBe(sum("a"));
    expect(checksumOf("pulumi-v3.256.0-darwin-arm64.tar.gz", list)).toBe(sum("b"));
  });

  it("finds none for a file that is not listed by its whole name", () => {
    expect(checksumOf("pulumi-v3.256.0-linux-arm64.tar.gz", list)).toBeUndefined();
    expect(checksumOf("x64.tar.gz", list)).toBeUndefined();
  });
});
