import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import type { Digest } from "@updraft/contracts/digest";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Engine } from "../engines/engine.ts";
import { type TinyPackageOptions, writeTinyPackage } from "../fixtures.ts";
import { startServer } from "../server-under-test.ts";
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

  it("leaves no tensor behind, however often it is replaced", async () => {
    const [layers, graph] = [await written(), await written({ format: "graph-model" })];
    const before = tf.memory().numTensors;
    for (const content of [layers, graph, layers, graph]) await (await load(content)).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("takes as many instances as it is allowed to, in both protocols", async () => {
    const server = await startServer();
    onTestFinished(() => void server.close());
    const pinned = { name: "sums", version: "1", ...(await written()) };
    const limits = { maxInstances: 2 };
    server.models.slot("sums").active = await loadServedModel(pinned, engine, undefined, limits);
    const ask = async (path: string, body: unknown) => {
      const answer = await fetch(`${server.base}${path}`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      return [answer.status, ((await answer.json()) as { error?: string }).error];
    };
    for (const count of [2, 3]) {
      const rows = Array.from({ length: count }, () => [1, 2, 3, 4]);
      const tensor = { name: "image", datatype: "FP32", shape: [count, 2, 2, 1] };
      const inputs = [{ ...tensor, data: rows.flat() }];
      const expected =
        count === 2 ? [200, undefined] : [400, "expected at most 2 instances, got 3"];
      expect(await ask("/v1/models/sums:predict", { instances: rows })).toEqual(expected);
      expect(await ask("/v1/models/sums:predict", { inputs: rows })).toEqual(expected);
      expect(await ask("/v2/models/sums/infer", { inputs })).toEqual(expected);
    }
  });
});
