import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bundleFiles, unbundleFiles } from "./package-bundle.ts";

const files = {
  "model.json": '{"näme": "digits"}\n',
  "weights.bin": Buffer.of(0, 10, 255, 10),
  "evaluation/empty.txt": "",
};

/** A bundle of files without bytes. */
function emptyFiles(...paths: string[]): Buffer {
  return gzipSync(`${JSON.stringify({ files: paths.map((path) => ({ path, bytes: 0 })) })}\n`);
}

describe("a bundle", () => {
  it("gives back every file, in order and to the byte", () => {
    const unbundled = unbundleFiles(bundleFiles(files));
    expect(Object.keys(unbundled)).toEqual(Object.keys(files));
    expect(unbundled["model.json"]?.toString("utf8")).toBe(files["model.json"]);
    expect(unbundled["weights.bin"]).toEqual(files["weights.bin"]);
    expect(unbundled["evaluation/empty.txt"]).toHaveLength(0);
  });

  it("is a gzipped line of paths and sizes before the bytes", () => {
    const small = { a: "one\n", b: "two" };
    expect(gunzipSync(bundleFiles(small)).toString("utf8")).toBe(
      '{"files":[{"path":"a","bytes":4},{"path":"b","bytes":3}]}\none\ntwo',
    );
  });

  it("is the same for the same files, and may have none", () => {
    expect(bundleFiles(files)).toEqual(bundleFiles({ ...files }));
    expect(unbundleFiles(bundleFiles({}))).toEqual({});
  });

  it("takes no path that leaves its folder", () => {
    expect(() => bundleFiles({ "../weights.bin": "" })).toThrow("is not a path in an artifact");
  });
});

describe("a damaged bundle", () => {
  const whole = bundleFiles(files);
  const content = gunzipSync(whole);

  it("is refused where it is cut, wherever that is", () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => unbundleFiles(whole.subarray(0, length))).toThrow(
        /^the package bundle is damaged: its \d+ bytes cannot be unpacked \(.+\); bundle the package again$/,
      );
    }
  });

  it("is refused when a byte of its content is another one", () => {
    const changed = Buffer.from(whole);
    const middle = Math.floor(whole.length / 2);
    changed[middle] = (changed[middle] ?? 0) ^ 0xff;
    expect(() => unbundleFiles(changed)).toThrow("the package bundle is damaged: its ");
  });

  it.each([
    ["without a header", Buffer.from("no files"), "it has no line that lists its files"],
    ["with another header", Buffer.from("[]\n"), "its first line does not list files"],
    ["with a broken header", Buffer.from("{\n"), "its first line does not list files"],
    ["with too few bytes", content.subarray(0, -1), "its files have 144 bytes, and 143 are there"],
    ["with too many bytes", Buffer.concat([content, Buffer.of(1)]), "and 145 are there"],
  ])("is refused %s", (_, wrong, problem) => {
    expect(() => unbundleFiles(gzipSync(wrong))).toThrow(problem);
  });

  it("is refused when it would write outside of its folder, or one file twice", () => {
    expect(() => unbundleFiles(emptyFiles("../card.json"))).toThrow("does not list files");
    expect(() => unbundleFiles(emptyFiles("a", "a"))).toThrow("it has a twice");
  });
});
