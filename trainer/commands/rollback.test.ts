import { rm, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { digestOf } from "@updraft/contracts/digest";
import type { GateReport } from "@updraft/contracts/gate";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import {
  trackedEnvironment,
  untrackedEnvironment,
  type Environment,
} from "../fixtures/environment.ts";
import { digitsPackage } from "../fixtures/released-digits.ts";
import { reasonsOf, registryOf, runsOf, tagsOfVersion } from "../fixtures/tracker-process.ts";
import { publishPackage } from "../packaging/publish.ts";
import { openTracking } from "../tracking/open-tracking.ts";
import { releaseVersion } from "../tracking/release-version.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { tensorflowCounter } from "../fixtures/tensorflow-counter.ts";

await loadTensorflow();

/** Data that is not there: a rollback needs none. */
const noData = pathToFileURL("/no/data").href;

/** Registers three versions as runs would: two that passed, of which the second serves, and one that did not. */
async function withVersions(environment: Environment, trackingUri?: string) {
  const store = openArtifactStore(environment.storeUri);
  const { signal } = new AbortController();
  const log = pino({ level: "silent" });
  const tracking = openTracking({ trackingUri, store, variables: {}, signal, log });
  const versions = [];
  for (const [seed, verdict] of [
    [1, "passed"],
    [2, "passed"],
    [3, "failed"],
  ] as const) {
    const start = { experiment: "digits", model: "digits", gitCommit: undefined, params: {} };
    const run = await tracking.startRun(start);
    const gate: GateReport = { verdict, rules: [] };
    const content = await digitsPackage(seed, { gate });
    const published = await publishPackage(store, content);
    const arrival = { runId: run.id, datasetDigest: digestOf("data"), stack: "dev" };
    await releaseVersion(tracking.registry, content.card, published, arrival);
    await run.end("FINISHED");
    versions.push({ ...published, runId: run.id, card: content.card });
  }
  const [first, second, third] = versions;
  if (!first || !second || !third) throw new Error("unreachable: there are three");
  return { registry: tracking.registry, first, second, third };
}

/** An environment with the tracker and its versions. */
async function registered() {
  const environment = await trackedEnvironment(noData, { TRAINER_STACK: "dev" });
  return { ...environment, ...(await withVersions(environment, environment.tracker.uri)) };
}

describe("rollback", { timeout: 120_000 }, () => {
  it("lets an earlier version serve again, by its number, and says why", async () => {
    const { release, tracker, first, second } = await registered();
    const runs = await runsOf(tracker);
    const { "updraft.stack.dev": before = "" } = await tagsOfVersion(tracker, "1");
    const reason = "it takes 7 for 1";
    const { digest, uri, runId, card } = first;
    expect(await release(["rollback", "--pin", "1", "--reason", reason])).toEqual({
      model: "digits",
      version: "1",
      digest,
      uri,
      runId,
      experimentId: "1",
      datasetDigest: digestOf("data"),
      metrics: card.metrics,
      gate: card.gate,
      releasedAt: card.createdAt,
      previous: { version: "2", digest: second.digest },
      lineage: card.lineage,
    });
    expect(await registryOf(tracker)).toEqual({
      aliases: { champion: "1", challenger: "3" },
      versions: 3,
    });
    expect((await reasonsOf(tracker))[0]).toBe(`rolled back to version 1: ${reason}`);
    const { "updraft.stack.dev": after = "" } = await tagsOfVersion(tracker, "1");
    expect(Date.parse(after)).toBeGreaterThan(Date.parse(before));
    expect(await runsOf(tracker)).toEqual(runs);
  });

  it("finds a version by the digest of its package, and moves nothing if it serves", async () => {
    const { release, tracker, first } = await registered();
    const moves = (await reasonsOf(tracker)).length;
    expect(await release(["rollback"], { TRAINER_PIN: first.digest })).toMatchObject({
      version: "1",
    });
    expect((await reasonsOf(tracker))[0]).toBe("rolled back to version 1");
    await release(["rollback"], { TRAINER_PIN: "1", TRAINER_REASON: "again" });
    expect(await reasonsOf(tracker)).toHaveLength(moves + 1);
  });

  it("refuses what never passed, what is not there, and what was changed", async () => {
    const { run, tracker, first } = await registered();
    const before = await registryOf(tracker);
    expect(await run(["rollback"], { TRAINER_PIN: "3" })).toMatchObject({
      code: 2,
      stderr:
        "TRAINER_PIN 3: the gate never let digits version 3 pass; name a version that it did let pass\n",
    });
    expect(await run(["rollback"], { TRAINER_PIN: "9" })).toMatchObject({
      code: 2,
      stderr: "TRAINER_PIN 9: digits has no such version in this registry; name one that it has\n",
    });
    await writeFile(fileURLToPath(`${first.uri}/weights.bin`), "other");
    const changed = await run(["rollback"], { TRAINER_PIN: "1" });
    expect(changed.code).toBe(1);
    expect(changed.stderr).toMatch(
      /^digits version 1 cannot serve again: the package at file:.* is not the one that was released: expected sha256:[0-9a-f]+, found sha256:[0-9a-f]+; roll back to another version$/m,
    );
    await rm(fileURLToPath(first.uri), { recursive: true });
    expect(await run(["rollback"], { TRAINER_PIN: first.digest })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("digits version 1 cannot serve again: there is no file"),
    });
    expect(await registryOf(tracker)).toEqual(before);
  });

  it("works without a tracker, and without TensorFlow", async () => {
    const environment = await untrackedEnvironment(noData, { TRAINER_STACK: "dev" });
    const { registry, first } = await withVersions(environment);
    const variables = { TRAINER_PIN: "1", NODE_OPTIONS: tensorflowCounter };
    const result = await environment.run(["rollback"], variables);
    expect(result).toMatchObject({ code: 0, stderr: "0" });
    expect(result.outcome).toMatchObject({ release: { version: "1", runId: first.runId } });
    expect(await registry.versionOf("digits", "champion")).toMatchObject({ version: "1" });
    expect(await environment.run(["rollback"], { TRAINER_PIN: "3" })).toMatchObject({ code: 2 });
  });

  it("asks what it is to roll back to", async () => {
    const { run } = await untrackedEnvironment(noData);
    expect(await run(["rollback"])).toMatchObject({
      code: 2,
      stderr:
        "TRAINER_PIN is not set: say what is to serve again, a version such as 3 or a digest\n",
    });
    expect(await run(["rollback", "--pin", "v3"])).toMatchObject({
      code: 2,
      stderr: "--pin v3: expected a version such as 3, or sha256: and 64 hexadecimal digits\n",
    });
  });
});
