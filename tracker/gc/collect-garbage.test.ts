import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { batch, databases, newRun, type OpenedStore } from "../store/databases-under-test.ts";
import type { TrackerStore } from "../store/tracker-store.ts";
import { collectGarbage, type GcReport } from "./collect-garbage.ts";
import type { GcPolicy } from "./policy.ts";

const hex = (letter: string) => letter.repeat(64);
const me = { user: "me" };

function counts(report: GcReport): Record<string, number> {
  return Object.fromEntries(Object.entries(report.freed).filter(([, count]) => count > 0));
}

/** The same parts, of which every call fails once some calls are over: as if the process ended. */
function endingAfter<Parts extends object>(left: { calls: number }, parts: Parts): Parts {
  return new Proxy(parts, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        left.calls -= 1;
        if (left.calls < 0) throw new Error("the process has ended");
        return value.apply(target, args) as unknown;
      };
    },
  });
}

describe.each(databases)("gc over $name", ({ open }) => {
  let opened: OpenedStore;
  let store: TrackerStore;
  let folder: string;
  let artifacts: ArtifactStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
    folder = await mkdtemp(join(tmpdir(), "gc-"));
    artifacts = openArtifactStore(pathToFileURL(folder).href);
  });
  afterEach(async () => {
    await opened.discard();
    await rm(folder, { recursive: true });
  });

  const gc = (policy: Partial<GcPolicy> = {}, dryRun = false, over = artifacts) =>
    collectGarbage({
      store: store.garbage,
      artifacts: over,
      policy: { olderThanMs: 0, ...policy },
      dryRun,
      now: Date.now(),
    });

  /** A run of a trainer that made a package and read a snapshot, ten bytes in each place. */
  async function trained(letter: string, startTime = 1): Promise<string> {
    const tags = { "updraft.model": "digits", "updraft.owner.pid": "1" };
    const { info } = await newRun(store, {
      start_time: startTime,
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    });
    const digest = `sha256:${hex(letter)}`;
    const noted = [
      { key: "updraft.digest", value: digest },
      { key: "updraft.datasetDigest", value: digest },
    ];
    await store.runs.log(info.run_id, batch({ tags: noted }));
    for (const path of [
      `0/${info.run_id}/artifacts/a`,
      `models/digits/${hex(letter)}/model.json`,
    ]) {
      await artifacts.write(path, "0123456789");
    }
    await artifacts.write(`datasets/${hex(letter)}/images`, "0123456789");
    await store.runs.update(info.run_id, { status: "FINISHED", end_time: startTime });
    return info.run_id;
  }

  async function released(letter: string, runId: string, stack?: string): Promise<number> {
    const { version } = await store.modelVersions.create({
      name: "digits",
      source: `mlflow-artifacts:/models/digits/${hex(letter)}`,
      run_id: runId,
      tags: [
        { key: "updraft.datasetDigest", value: `sha256:${hex(letter)}` },
        ...(stack ? [{ key: `updraft.stack.${stack}`, value: new Date().toISOString() }] : []),
      ],
    });
    return Number(version);
  }

  async function listed(): Promise<string[]> {
    const all: string[] = [];
    for (const top of ["0", "1", "models", "datasets"]) {
      all.push(...(await artifacts.list(top)).map(({ path }) => path));
    }
    return all;
  }

  it("frees a deleted run with its package and its snapshot, after it has said so", async () => {
    const kept = await trained("a");
    const gone = await trained("b");
    await store.runs.delete(gone);
    const expected = { runs: 1, packages: 1, datasets: 1, bytes: 30 };

    expect(counts(await gc({}, true))).toEqual(expected);
    expect(await listed()).toHaveLength(6);
    expect((await store.runs.get(gone)).info.lifecycle_stage).toBe("deleted");

    const report = await gc();
    expect(report).toMatchObject({ dry_run: false, kept: [], failed: [], elsewhere: [] });
    expect(counts(report)).toEqual(expected);
    expect(await listed()).toEqual([
      `0/${kept}/artifacts/a`,
      `models/digits/${hex("a")}/model.json`,
      `datasets/${hex("a")}/images`,
    ]);
    await expect(store.runs.get(gone)).rejects.toMatchObject({ status: 404 });
    expect(counts(await gc())).toEqual({});
  });

  it("leaves what was deleted lately, so that it can be restored", async () => {
    const runId = await trained("a");
    await store.runs.delete(runId);
    expect(counts(await gc({ olderThanMs: 60_000 }))).toEqual({});
    await store.runs.restore(runId);
    expect(counts(await gc())).toEqual({});
    expect(await listed()).toHaveLength(3);
  });

  it("frees the bytes of a deleted version once nothing else refers to them", async () => {
    await store.registeredModels.create({ name: "digits", tags: [] });
    const run = await trained("a");
    const first = await released("a", run);
    const copy = await store.modelVersions.create({
      name: "digits",
      source: `models:/digits/${first}`,
      tags: [],
    });
    await store.modelVersions.delete("digits", first, me);
    expect(counts(await gc())).toEqual({});
    await store.modelVersions.delete("digits", Number(copy.version), me);

    expect(counts(await gc({ olderThanMs: 60_000 }))).toEqual({});
    expect(counts(await gc({}, true))).toEqual({ packages: 1, bytes: 10 });
    expect(counts(await gc())).toEqual({ packages: 1, bytes: 10 });
    // The run that read it still names the snapshot.
    expect(await listed()).toEqual([`0/${run}/artifacts/a`, `datasets/${hex("a")}/images`]);
  });

  it("counts a package once that was registered under two addresses", async () => {
    await store.registeredModels.create({ name: "digits", tags: [] });
    const path = `models/digits/${hex("a")}`;
    await artifacts.write(`${path}/model.json`, "0123456789");
    for (const source of [`mlflow-artifacts:/${path}`, artifacts.uriOf(path)]) {
      await store.modelVersions.create({ name: "digits", source, tags: [] });
    }
    await store.registeredModels.delete("digits", me);

    expect(counts(await gc({}, true))).toEqual({ packages: 1, bytes: 10 });
    expect(counts(await gc())).toEqual({ packages: 1, bytes: 10 });
    expect(counts(await gc())).toEqual({});
  });

  it("frees what a deleted model held", async () => {
    await store.registeredModels.create({ name: "digits", tags: [] });
    const run = await trained("a");
    await released("a", run);
    await store.registeredModels.delete("digits", me);
    await store.runs.delete(run);
    expect(counts(await gc())).toEqual({ runs: 1, packages: 1, datasets: 1, bytes: 30 });
    expect(await listed()).toEqual([]);
  });

  it("keeps the newest by count, and what an alias, a stack or a version refers to", async () => {
    await store.registeredModels.create({ name: "digits", tags: [] });
    const letters = ["a", "b", "c", "d", "e", "f"];
    const runs: string[] = [];
    for (const [index, letter] of letters.entries()) runs.push(await trained(letter, index));
    const versions: number[] = [];
    for (const [index, letter] of letters.entries()) {
      const stack = ["a", "b", "c"].includes(letter) ? "dev" : undefined;
      versions.push(await released(letter, runs[index] ?? "", stack));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await store.aliases.set("digits", "champion", versions[3] ?? 0, me);
    const policy = { keepVersions: 1, keepRuns: 2 };

    const planned = await gc(policy, true);
    expect(counts(planned)).toEqual({
      model_versions: 2,
      runs: 1,
      packages: 2,
      datasets: 1,
      bytes: 40,
    });
    const report = await gc(policy);
    expect(counts(report)).toEqual(counts(planned));
    expect(report.kept.map(({ why }) => why).toSorted()).toEqual([
      "the alias champion points to it",
      "the stack dev serves it or rolls back to it",
      "the stack dev serves it or rolls back to it",
      "version digits/2 refers to it",
      "version digits/3 refers to it",
      "version digits/4 refers to it",
    ]);
    expect(report.kept_count).toBe(6);
    const packages = (await artifacts.entries("models/digits")).map(({ name }) => name[0]);
    expect(packages).toEqual(["b", "c", "d", "f"]);
    expect((await artifacts.entries("datasets")).map(({ name }) => name[0])).toEqual([
      "b",
      "c",
      "d",
      "e",
      "f",
    ]);
    expect(counts(await gc(policy))).toEqual({});
  });

  it("waits for a trainer that may be about to use what would be freed", async () => {
    await store.runs.delete(await trained("a"));
    const { info } = await newRun(store, { tags: [{ key: "updraft.owner.pid", value: "1" }] });
    const report = await gc();
    expect(counts(report)).toEqual({ runs: 1, bytes: 10 });
    expect(report.kept.map(({ why }) => why)).toEqual(
      Array(2).fill(`run ${info.run_id} is running and may need it`),
    );
    await store.runs.update(info.run_id, { status: "FAILED", end_time: 1 });
    expect(counts(await gc())).toEqual({ packages: 1, datasets: 1, bytes: 20 });
  });

  it("frees deleted experiments with all that is in them, and logged models", async () => {
    const experiment_id = await store.experiments.create({ name: "a", tags: [] });
    const { info } = await newRun(store, { experiment_id });
    await store.runs.update(info.run_id, { status: "FINISHED", end_time: 1 });
    const log = (experiment: string) =>
      store.loggedModels.create({
        experiment_id: experiment,
        name: "m",
        params: [],
        tags: [],
        source_run_id: info.run_id,
      });
    const inDeleted = await log(experiment_id);
    const deleted = await log("0");
    const kept = await log("0");
    for (const model of [inDeleted, deleted, kept]) {
      const { artifact_uri } = model.info;
      await artifacts.write(`${artifact_uri.replace("mlflow-artifacts:/", "")}/MLmodel`, "12345");
    }
    await store.loggedModels.delete(deleted.info.model_id);
    await store.experiments.delete(experiment_id);
    await store.experiments.delete("0");
    await store.experiments.restore("0");
    const expected = { runs: 1, experiments: 1, logged_models: 2, bytes: 10 };

    expect(counts(await gc({}, true))).toEqual(expected);
    expect(counts(await gc())).toEqual(expected);
    expect(await listed()).toEqual([`0/models/${kept.info.model_id}/artifacts/MLmodel`]);
    await expect(store.experiments.get(experiment_id)).rejects.toMatchObject({ status: 404 });
    expect(await store.experiments.create({ name: "a", tags: [] })).not.toBe(experiment_id);
  });

  it("frees the logged models of runs that newer ones displace, but for those that are versions", async () => {
    const made = async (start_time: number) => {
      const { info } = await newRun(store, { start_time });
      await store.runs.update(info.run_id, { status: "FINISHED", end_time: start_time });
      const source_run_id = info.run_id;
      return store.loggedModels.create({
        experiment_id: "0",
        name: "m",
        params: [],
        tags: [],
        source_run_id,
      });
    };
    const [registered] = [await made(1), await made(2), await made(3)];
    await store.registeredModels.create({ name: "m", tags: [] });
    const { model_id, artifact_uri } = registered.info;
    await store.modelVersions.create({ name: "m", source: artifact_uri, model_id, tags: [] });
    const report = await gc({ keepRuns: 1 });
    expect(counts(report)).toEqual({ runs: 1, logged_models: 1 });
    const what = `run ${registered.info.source_run_id}`;
    expect(report.kept).toEqual([{ what, why: "version m/1 refers to it" }]);
  });

  it("looks only into the experiments that are named", async () => {
    const experiment_id = await store.experiments.create({ name: "a", tags: [] });
    const { info } = await newRun(store, { experiment_id });
    await store.runs.update(info.run_id, { status: "FINISHED", end_time: 1 });
    await store.runs.delete(info.run_id);
    expect(counts(await gc({ experimentIds: ["0"] }))).toEqual({});
    expect(counts(await gc({ experimentIds: [] }))).toEqual({});
    expect(counts(await gc({ experimentIds: [experiment_id] }))).toEqual({ runs: 1 });
  });

  it("completes what was interrupted, and says what cannot be removed", async () => {
    const runId = await trained("a");
    await store.runs.delete(runId);
    const broken: ArtifactStore = {
      ...artifacts,
      async remove() {
        throw new Error("the disk is away");
      },
    };
    const interrupted = await gc({}, false, broken);
    expect(counts(interrupted)).toEqual({ runs: 1, packages: 1, datasets: 1 });
    expect(interrupted.failed.map(({ message }) => message)).toEqual(
      Array(3).fill("the disk is away"),
    );
    await expect(store.runs.get(runId)).rejects.toMatchObject({ status: 404 });
    expect(await listed()).toHaveLength(3);

    expect(counts(await gc({}, true))).toEqual({ bytes: 30 });
    expect(counts(await gc())).toEqual({ bytes: 30 });
    expect(await listed()).toEqual([]);
    expect(counts(await gc())).toEqual({});
  });

  it("leaves nothing half done, at whichever call it ends", async () => {
    await store.registeredModels.create({ name: "digits", tags: [] });
    const kept = await trained("f");
    await released("f", kept);
    const before = await listed();
    let calls = 1;
    for (let allowed = 0; allowed < calls; allowed += 1) {
      const gone = await trained("a");
      const version = await released("a", gone);
      await store.modelVersions.delete("digits", version, me);
      await store.runs.delete(gone);
      const left = { calls: allowed };
      const ended = collectGarbage({
        store: endingAfter(left, store.garbage),
        artifacts: endingAfter(left, artifacts),
        policy: { olderThanMs: 0 },
        dryRun: false,
        now: Date.now(),
      });
      await ended.catch(() => undefined);

      const { failed } = await gc();
      expect(failed).toEqual([]);
      expect(await listed()).toEqual(before);
      expect(await store.garbage.removals()).toEqual([]);
      await expect(store.runs.get(gone)).rejects.toMatchObject({ status: 404 });
      calls = allowed + 1 + (left.calls < 0 ? 1 : 0);
    }
    expect(calls).toBeGreaterThan(15);
  }, 60_000);

  it("frees the row of a run whose artifacts are in another store, and names the place", async () => {
    const experiment_id = await store.experiments.create({
      name: "a",
      artifact_location: "s3://elsewhere/a",
      tags: [],
    });
    const { info } = await newRun(store, { experiment_id });
    await store.runs.update(info.run_id, { status: "FINISHED", end_time: 1 });
    await store.runs.delete(info.run_id);
    const report = await gc();
    expect(counts(report)).toEqual({ runs: 1 });
    expect(report.elsewhere).toEqual([`s3://elsewhere/a/${info.run_id}/artifacts`]);
  });

  it("frees each thing once when two run at the same time", async () => {
    for (const letter of ["a", "b", "c"]) await store.runs.delete(await trained(letter));
    const [one, other] = await Promise.all([gc(), gc()]);
    expect(one.freed.runs + other.freed.runs).toBe(3);
    expect([...one.failed, ...other.failed]).toEqual([]);
    await gc();
    expect(await listed()).toEqual([]);
  });

  it("does not let a version go that a stack serves or rolls back to", async () => {
    await store.registeredModels.create({ name: "digits", tags: [] });
    const run = await trained("a");
    for (const letter of ["a", "b", "c"]) {
      await released(letter, run, "dev");
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await store.modelVersions.delete("digits", 1, me);
    await expect(store.modelVersions.delete("digits", 2, me)).rejects.toThrow(
      "Version 2 of digits is one that the stack dev serves or rolls back to. Delete its tag updraft.stack.dev first if that is no longer so.",
    );
    await expect(store.registeredModels.delete("digits", me)).rejects.toMatchObject({
      status: 400,
      code: "INVALID_PARAMETER_VALUE",
    });
    for (const version of [2, 3]) {
      await store.modelVersions.deleteTag("digits", version, "updraft.stack.dev");
    }
    await store.registeredModels.delete("digits", me);
  });
});
