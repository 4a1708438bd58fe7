import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { DataError } from "@updraft/models/dataset";
import { describe, expect, it } from "vitest";
import { gunzip } from "./gunzip.ts";

const content = randomBytes(300_000);
const packed = gzipSync(content);

async function failureOf(bytes: Uint8Array): Promise<DataError> {
  const error: unknown = await gunzip(bytes, "/data/x.gz").catch((reason: unknown) => reason);
  if (error instanceof DataError) return error;
  throw new Error("expected a DataError", { cause: error });
}

describe("gunzip", () => {
  it("unpacks a file", async () => {
    expect(Buffer.compare(await gunzip(packed, "x.gz"), content)).toBe(0);
  });

  it("unpacks one that was made of several", async () => {
    const several = Buffer.concat([packed, gzipSync("end")]);
    const expected = Buffer.concat([content, Buffer.from("end")]);
    expect(Buffer.compare(await gunzip(several, "x.gz"), expected)).toBe(0);
  });

  it("refuses a file that is cut short", async () => {
    const error = await failureOf(packed.subarray(0, 100_000));
    expect(error.message).toBe(
      "/data/x.gz, byte 100000: the gzip stream is broken from here on (unexpected end of file); expected a whole gzip file",
    );
  });

  it("refuses a file that is not gzip", async () => {
    const error = await failureOf(Buffer.from("hello"));
    expect(error.rule).toBe(
      "the gzip stream is broken from here on (incorrect header check); expected a whole gzip file",
    );
  });

  it("refuses a damaged file", async () => {
    const damaged = Buffer.from(packed);
    damaged[damaged.length - 6] = (damaged.at(-6) ?? 0) ^ 0xff;
    expect((await failureOf(damaged)).rule).toContain("incorrect data check");
  });

  it("refuses what follows the stream", async () => {
    const error = await failureOf(Buffer.concat([packed, Buffer.alloc(4)]));
    expect(error.message).toBe(
      `/data/x.gz, byte ${packed.length}: 4 bytes follow the gzip stream; expected the file to end here`,
    );
  });
});
