import { describe, expect, it } from "vitest";
import { parseChecksums } from "./checksums.ts";

const sum = "0123456789abcdef".repeat(4);
const parse = (text: string) => parseChecksums(Buffer.from(text), "/data/SHA256SUMS");

describe("parseChecksums", () => {
  it("reads what sha256sum writes, of texts and of binaries", () => {
    const text = `${sum}  a b.csv\n${sum.toUpperCase()} *./cat/1.png\r\n`;
    expect([...parse(text)]).toEqual([
      ["a b.csv", sum],
      ["cat/1.png", sum],
    ]);
  });

  it("refuses what it does not write, and names the line", () => {
    const rule = "expected the sha256 of a file, two spaces and its path below the folder";
    for (const line of [
      "<html>",
      `${sum}`,
      `${sum}  `,
      `${sum}  ../a`,
      `${sum}  /a`,
      `${sum}  a//b`,
    ]) {
      expect(() => parse(`${sum}  a\n${line}\n`)).toThrow(`/data/SHA256SUMS, line 2: ${rule}`);
    }
    expect(() => parse("\n")).toThrow(
      "/data/SHA256SUMS: it lists no file; expected a line for each",
    );
  });
});
