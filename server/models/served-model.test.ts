import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Digest } from "@updraft/contracts/digest";
import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../engines/engine.ts";
import { type TinyPackageOptions, writeTinyPackage } from "../fixtures.ts";
import { loadServedModel } from "./served-model.ts";
import { createWasmEngine } from "../engines/wasm-engine.ts";

async function written(options: TinyPackageOptions = {}) {
  return writeTinyPackage(await mkdtemp(join(tmpdir(), "updraft-package-")), options);
}

describe("loadServedModel", () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await createWasmEngine();
  });

  const load = ({ uri, digest }: { uri: string; digest: Digest }) =>
    loadServedModel({ name: "sums", version: "1", uri, digest }, engine);

  it("answers as the package was trained to", async () => {
    const model = await load(await written());
    const answer = await model.predict({ values: Float32Array.of(1, 1, 1, 1), size: 1 });
    expect([...answer]).toEqual([4, 8]);
  });

  it("answers with a graph as with layers", async () => {
    const model = await load(await written({ format: "graph-model" }));
    const answer = await model.predict({
      values: Float32Array.of(1, 1, 1, 1, 2, 0, 0, 0),
      size: 2,
    });
    expect([...answer]).toEqual([4, 8, 2, 4]);
    await expect(
      load(await written({ format: "graph-model", exampleAnswer: [10, 21] })),
    ).rejects.toThrow("does not answer its own example: expected [10, 21], got [10, 20]");
  });

  it("refuses changed bytes and names both digests", async () => {
    const tampered = await written();
    await appendFile(join(fileURLToPath(tampered.uri), "weights.bin"), "x");
    await expect(load(tampered)).rejects.toThrow(
      new RegExp(`expected ${tampered.digest}, found sha256:[0-9a-f]{64}`),
    );
  });

  it("names the file that is missing", async () => {
    const broken = await written();
    await rm(join(fileURLToPath(broken.uri), "weights.bin"));
    await expect(load(broken)).rejects.toThrow(`there is no file ${broken.uri}/weights.bin`);
  });

  it("refuses a package that does not answer its own example", async () => {
    await expect(load(await written({ exampleAnswer: [10, 21] }))).rejects.toThrow(
      "does not answer its own example: expected [10, 21], got [10, 20]",
    );
  });

  it("frees its network once no request holds it, and answers those that do", async () => {
    let isFree = false;
    const watched: Engine = {
      name: "watched",
      async load(content) {
        const network = await engine.load(content);
        return {
          predict: network.predict,
          dispose() {
            isFree = true;
            network.dispose();
          },
        };
      },
    };
    const model = await loadServedModel(
      { name: "sums", version: "1", ...(await written()) },
      watched,
    );
    const release = model.hold();
    const disposed = model.dispose();
    const answer = await model.predict({ values: Float32Array.of(1, 1, 1, 1), size: 1 });
    expect([[...answer], isFree]).toEqual([[4, 8], false]);
    release();
    await disposed;
    expect(isFree).toBe(true);
  });
});
