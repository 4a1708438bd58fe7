import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPackage } from "@updraft/contracts/model-package";
import { afterEach, describe, expect, it, vi } from "vitest";
import { writeTinyPackage } from "../fixtures.ts";
import { BatchThread } from "./batch-thread.ts";
import { onTwoThreads } from "./two-threads.ts";
import { createWasmEngine } from "./wasm-engine.ts";

const length = 4;
const size = 3;
const batch = Float32Array.from({ length: size * length }, (_, at) => at / 10);
const one = batch.subarray(0, length);

const thread = new BatchThread();
afterEach(() => thread.end());

async function loaded() {
  const { uri, digest } = await writeTinyPackage(
    await mkdtemp(join(tmpdir(), "updraft-two-threads-")),
  );
  const content = await readPackage(uri, digest);
  const load = vi.spyOn(thread, "load");
  const onLoss = vi.fn<(problem: string) => void>();
  const network = await onTwoThreads(await createWasmEngine(), thread, onLoss).load(content);
  /** What the other thread has been asked for, once it is there. */
  const there = async () => {
    const other = await load.mock.results[0]?.value;
    return vi.spyOn(other, "predict");
  };
  return { network, load, there, onLoss };
}

describe("a network on two threads", () => {
  it("needs no other thread as long as instances come one by one", async () => {
    const { network, load } = await loaded();
    expect(await network.predict(one, 1)).toHaveLength(2);
    expect(load).not.toHaveBeenCalled();
    network.dispose();
  });

  it("lets the other thread answer batches, and answers single instances itself", async () => {
    const { network, there } = await loaded();
    const here = await network.predict(batch, size);
    const asked = await there();
    expect(await network.predict(batch, size)).toEqual(here);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(await network.predict(one, 1)).toEqual(here.subarray(0, 2));
    expect(asked).toHaveBeenCalledTimes(1);
    network.dispose();
  });

  it("answers all the same when the other thread ends, and says so", async () => {
    const { network, there, onLoss } = await loaded();
    const here = await network.predict(batch, size);
    await there();
    const answers = Array.from({ length: 20 }, () => network.predict(batch, size));
    await thread.end();
    for (const answer of await Promise.all(answers)) expect(answer).toEqual(here);
    expect(await network.predict(batch, size)).toEqual(here);
    expect(onLoss).toHaveBeenCalledWith("the thread that runs batches has ended: it was ended");
    network.dispose();
  });

  it("says what the other thread could not do, and does it here", async () => {
    const { network, there, onLoss } = await loaded();
    const here = await network.predict(batch, size);
    (await there()).mockRejectedValueOnce(new Error("no memory"));
    expect(await network.predict(batch, size)).toEqual(here);
    expect(onLoss).toHaveBeenCalledExactlyOnceWith("no memory");
    network.dispose();
  });
});

it("a thread says what is wrong with a network that it cannot load or has no longer", async () => {
  const { uri, digest } = await writeTinyPackage(
    await mkdtemp(join(tmpdir(), "updraft-two-threads-")),
  );
  const content = await readPackage(uri, digest);
  await expect(thread.load({ ...content, model: "{}" })).rejects.toThrow("modelTopology");
  const network = await thread.load(content);
  network.dispose();
  await expect(network.predict(batch, size)).rejects.toThrow("there is no network");
});
