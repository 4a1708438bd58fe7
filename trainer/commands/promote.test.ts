import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { readPackage } from "@updraft/contracts/model-package";
import type { Release } from "@updraft/contracts/release";
import { describe, expect, it } from "vitest";
import {
  smallData,
  trackedEnvironment,
  untrackedEnvironment,
  type TrackedEnvironment,
} from "../fixtures/environment.ts";
import { digitsPackage, releasedDigits } from "../fixtures/released-digits.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { reasonsOf, registryOf, runsOf, tagsOfVersion } from "../fixtures/tracker-process.ts";
import { publishPackage } from "../packaging/publish.ts";
import { loadTensorflow } from "../training/tensorflow.ts";

await loadTensorflow();

const anyGate = { TRAINER_GATE: "{}" };

/** What tells `promote` which release to take over. */
function takingOver(release: Release, stack = "dev"): Record<string, string> {
  return { ...anyGate, TRAINER_SOURCE: JSON.stringify({ stack, release }), TRAINER_STACK: "prod" };
}

async function cardOf({ uri, digest }: Release) {
  return (await readPackage(uri, digest)).card;
}

async function historyOf({ uri }: Release): Promise<unknown> {
  const content = await openArtifactStore(uri).read("evaluation/learning-curves.json");
  return JSON.parse(content.toString("utf8"));
}

/** The store of the stack that is promoted from. */
async function sourceStore() {
  return openArtifactStore(pathToFileURL(await temporaryFolder()).href);
}

/** Why a promotion is refused, which leaves a run that says the same, and nothing else. */
async function refusalOf({ run, tracker }: TrackedEnvironment, release: Release): Promise<string> {
  const before = await registryOf(tracker);
  const { code, outcome } = await run(["promote"], takingOver(release));
  const message = outcome?.status === "failed" ? outcome.failure.message : "";
  expect([code, message]).toEqual([1, expect.any(String)]);
  const [failed] = await runsOf(tracker);
  expect(failed).toMatchObject({
    status: "FAILED",
    tags: { "updraft.failure": message, "updraft.promotedFrom.stack": "dev" },
  });
  expect(await registryOf(tracker)).toEqual(before);
  return message;
}

/** An environment that serves a package of its own. */
async function servingEnvironment(): Promise<TrackedEnvironment> {
  const prod = await trackedEnvironment(await smallData());
  await prod.release(["train", "--epochs", "1"], anyGate);
  return prod;
}

describe("promote", { timeout: 120_000 }, () => {
  it("releases the package of another stack here, with its bytes and its lineage", async () => {
    const data = await smallData();
    const [dev, prod] = await Promise.all([untrackedEnvironment(data), trackedEnvironment(data)]);
    const source = await dev.release(["train"]);
    const release = await prod.release(["promote"], takingOver(source));
    expect(release).toMatchObject({
      version: "1",
      digest: source.digest,
      uri: source.uri.replace(dev.storeUri, prod.storeUri),
      datasetDigest: source.datasetDigest,
      // The same data and seed give the same test split.
      intervals: source.intervals,
      lineage: { ...source.lineage, runId: source.runId },
      promotedFrom: {
        stack: "dev",
        version: "1",
        runId: source.runId,
        releasedAt: source.releasedAt,
        metrics: source.metrics,
        gate: source.gate,
      },
    });
    const { metrics, gate, intervals, lineage, promotedFrom, releasedAt } = release;
    expect(await cardOf(release)).toMatchObject({
      createdAt: releasedAt,
      metrics,
      gate,
      intervals,
      lineage,
      promotedFrom,
    });
    expect(await historyOf(release)).toEqual(await historyOf(source));
    const lineageTags = {
      "updraft.promotedFrom.stack": "dev",
      "updraft.promotedFrom.version": "1",
      "updraft.promotedFrom.digest": source.digest,
      "updraft.promotedFrom.runId": source.runId,
    };
    const [run] = await runsOf(prod.tracker);
    expect(run).toMatchObject({
      id: release.runId,
      status: "FINISHED",
      params: { filters: "4", seed: "1" },
      tags: { ...lineageTags, "updraft.gate": "passed", "updraft.version": "1" },
    });
    const tags = await tagsOfVersion(prod.tracker, "1");
    expect(tags).toMatchObject({ ...lineageTags, "updraft.gate": "passed" });
    expect(Object.keys(tags)).toContain("updraft.stack.prod");
    expect(await reasonsOf(prod.tracker)).toEqual([
      "promoted from dev, version 1: the gate let it pass; stack prod takes it over",
    ]);
  });

  it("moves nothing when it is repeated, and knows of the latest release", async () => {
    const prod = await trackedEnvironment(await smallData());
    const source = await releasedDigits(await sourceStore(), 1);
    const first = await prod.release(["promote"], takingOver(source));
    const releasedAt = "2026-03-05T10:00:00.000Z";
    const again = await prod.release(["promote"], takingOver({ ...source, releasedAt }));
    expect([again.version, again.digest]).toEqual([first.version, first.digest]);
    expect(again.comparison).toMatchObject({ version: "1", digest: first.digest });
    expect((await cardOf(again)).promotedFrom).toMatchObject({ releasedAt });
    await prod.release(["promote"], takingOver(source));
    expect(await registryOf(prod.tracker)).toEqual({ aliases: { champion: "1" }, versions: 1 });
    expect(await reasonsOf(prod.tracker)).toHaveLength(1);
  });

  it("keeps the card that is there where both stacks keep their packages in one store", async () => {
    const dev = await untrackedEnvironment(await smallData());
    const store = openArtifactStore(dev.storeUri);
    const source = await releasedDigits(store, 1);
    const before = await cardOf(source);
    const release = await dev.release(["promote"], takingOver(source));
    expect(release).toMatchObject({ uri: source.uri, promotedFrom: { stack: "dev" } });
    expect(await cardOf(release)).toEqual(before);
  });

  it("leaves the champion alone when the gate fails here", async () => {
    const prod = await trackedEnvironment(await smallData());
    const store = await sourceStore();
    await prod.release(["promote"], takingOver(await releasedDigits(store, 1)));
    const second = await releasedDigits(store, 2);
    const variables = { ...takingOver(second), TRAINER_GATE: '{"minAccuracy": 0.99}' };
    const failed = await prod.run(["promote"], variables);
    expect(failed.code).toBe(4);
    expect(failed.outcome).toMatchObject({ failure: { gate: { verdict: "failed" } } });
    expect(await registryOf(prod.tracker)).toEqual({
      aliases: { champion: "1", challenger: "2" },
      versions: 2,
    });
    expect((await reasonsOf(prod.tracker))[0]).toBe(
      "promoted from dev, version 2: the gate turned it down",
    );
    const pinned = await prod.run(["rollback"], { TRAINER_PIN: "2" });
    expect(pinned).toMatchObject({
      code: 2,
      stderr:
        "TRAINER_PIN 2: the gate never let digits version 2 pass; name a version that it did let pass\n",
    });
    const release = await prod.release(["promote"], takingOver(second));
    expect(release).toMatchObject({ version: "2", comparison: { version: "1" } });
    expect(await registryOf(prod.tracker)).toEqual({ aliases: { champion: "2" }, versions: 2 });
  });
});

describe("promote refuses", { timeout: 120_000 }, () => {
  it("a package that was changed, is gone, or says otherwise of itself", async () => {
    const prod = await servingEnvironment();
    const store = await sourceStore();
    const changed = await releasedDigits(store, 2);
    const weights = fileURLToPath(`${changed.uri}/weights.bin`);
    await writeFile(weights, Buffer.alloc(100));
    expect(await refusalOf(prod, changed)).toMatch(
      /^dev, version 2 cannot be promoted: the package at file:.* is not the one that was released: expected sha256:[0-9a-f]+, found sha256:[0-9a-f]+; its files were changed after the release: release it in dev again$/,
    );
    await rm(weights);
    expect(await refusalOf(prod, changed)).toBe(
      `dev, version 2 cannot be promoted: there is no file ${changed.uri}/weights.bin; its package was removed: release one in dev again`,
    );
    const turnedDown = await digitsPackage(3, { gate: { verdict: "failed", rules: [] } });
    const published = await publishPackage(store, turnedDown);
    expect(await refusalOf(prod, { ...changed, ...published })).toBe(
      "dev, version 2 cannot be promoted: its card says that its gate did not let it pass",
    );
  });

  it("a package whose example its network does not answer", async () => {
    const prod = await servingEnvironment();
    const store = await sourceStore();
    const content = await digitsPackage(1);
    const { signature } = content;
    const outputs = { probabilities: Array.from({ length: 10 }, () => 0.1) };
    const wrong = { ...signature, example: { ...signature.example, outputs } };
    const published = await publishPackage(store, { ...content, signature: wrong });
    const release = { ...(await releasedDigits(store, 2)), ...published };
    expect(await refusalOf(prod, release)).toMatch(
      /^dev, version 2 cannot be promoted: it does not answer its own example: expected \[0\.1, /,
    );
  });

  it("a release that is older than what was taken over from there before", async () => {
    const prod = await trackedEnvironment(await smallData());
    const store = await sourceStore();
    const releasedAt = "2026-03-02T10:00:00.000Z";
    const newer = await releasedDigits(store, 2, { releasedAt });
    const older = await releasedDigits(store, 1);
    await prod.release(["promote"], takingOver(newer));
    expect(await refusalOf(prod, older)).toBe(
      "dev, version 1 cannot be promoted: it is older than what serves here: dev released it at 2026-03-01T10:00:00.000Z, and version 1 of this stack at 2026-03-02T10:00:00.000Z; release again in dev, or roll back here to the version that it was",
    );
    const other = await prod.release(["promote"], takingOver(older, "staging"));
    expect(other.promotedFrom).toMatchObject({ stack: "staging" });
  });

  it("what it can tell from the settings, before there is a run", async () => {
    const folder = await temporaryFolder();
    const prod = await untrackedEnvironment(pathToFileURL(join(folder, "none")).href);
    expect(await prod.run(["promote"])).toMatchObject({
      code: 2,
      stderr:
        'TRAINER_SOURCE is not set: say what to take over, as {"stack": "dev", "release": {…}}\n',
    });
    const source = await releasedDigits(await sourceStore(), 1);
    const { digest } = source;
    const failed = { ...source, model: "letters", gate: { verdict: "failed" as const, rules: [] } };
    const refused = await prod.run(["promote"], takingOver(failed));
    expect(refused.code).toBe(2);
    expect(refused.stderr.trim().split("\n")).toEqual([
      "TRAINER_SOURCE: dev releases letters, and digits is asked for (TRAINER_MODEL); name a stack of the same model",
      `TRAINER_SOURCE: the gate of dev did not let ${digest} pass; release a package there that passes first`,
    ]);
  });
});
