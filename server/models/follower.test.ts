import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DigestMismatchError } from "@updraft/contracts/model-package";
import { pino } from "pino";
import { expect, it, onTestFinished, vi } from "vitest";
import { createWasmEngine } from "../engines/wasm-engine.ts";
import { writeTinyPackage } from "../fixtures.ts";
import { createMetrics } from "../watching/metrics.ts";
import { Follower } from "./follower.ts";
import type { ModelSlot } from "./model-repository.ts";
import { loadServedModel } from "./served-model.ts";

/** Follows a registry whose alias leads to one package, which fails to load the first time. */
async function followerWith(failure: Error) {
  const { uri, digest } = await writeTinyPackage(await mkdtemp(join(tmpdir(), "updraft-follow-")));
  const tags = [{ key: "updraft.digest", value: digest }];
  const answer = JSON.stringify({ model_version: { version: "1", source: uri, tags } });
  const registry = createServer((_request, response) => void response.end(answer));
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void registry.close());
  const engine = await createWasmEngine();
  let attempts = 0;
  const slot: ModelSlot = { name: "sums", active: undefined };
  const { port } = registry.address() as AddressInfo;
  const follower = new Follower(
    slot,
    { name: "sums", alias: "champion" },
    {
      registry: { url: `http://127.0.0.1:${port}`, authorization: undefined },
      logger: pino({ level: "silent" }),
      metrics: createMetrics(),
      retrySeconds: 0.05,
      async load(pinned) {
        attempts += 1;
        if (attempts === 1) throw failure;
        return loadServedModel(pinned, engine);
      },
    },
  );
  return { follower, slot, digest, attempts: () => attempts };
}

it("tries again what may have failed by chance, but not at once", async () => {
  const { follower, slot, attempts } = await followerWith(new Error("the connection was reset"));
  await follower.look();
  await follower.look();
  expect([attempts(), slot.problem]).toEqual([
    1,
    "version 1 was refused; the server's log says why",
  ]);
  await vi.waitFor(async () => {
    await follower.look();
    expect(slot.active?.version).toBe("1");
  });
  expect([attempts(), slot.problem]).toEqual([2, undefined]);
});

it("does not try again what is wrong in itself, until somebody says so", async () => {
  const digest = `sha256:${"0".repeat(64)}` as const;
  const { follower, slot, attempts } = await followerWith(
    new DigestMismatchError("file:///a", digest, digest),
  );
  await follower.look();
  // Longer than what may have failed by chance is left alone.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await follower.look();
  expect(attempts()).toBe(1);
  await follower.load();
  expect([attempts(), slot.active?.version]).toEqual([2, "1"]);
});
