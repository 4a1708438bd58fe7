import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseFilter } from "../search/filter.ts";
import { experimentGrammar } from "../search/grammar.ts";
import { databases, newRun, type OpenedStore } from "./databases-under-test.ts";
import type { TrackerStore } from "./tracker-store.ts";

const everything = parseFilter("", experimentGrammar);

describe.each(databases)("experiments in $name", ({ open }) => {
  let opened: OpenedStore;
  let store: TrackerStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.discard());

  it("has a default experiment from the beginning", async () => {
    const now = Date.now();

    const { creation_time, ...others } = await store.experiments.get("0");
    expect(others).toMatchObject({ name: "Default", artifact_location: "mlflow-artifacts:/0" });
    expect(now - creation_time).toBeLessThan(60_000);
  });

  it("names the datasets that went into runs, once for each use", async () => {
    const dataset = { name: "mnist", digest: "1", source_type: "local", source: "{}" };
    for (const context of ["training", "training", undefined]) {
      const { info } = await newRun(store);
      const tags = context ? [{ key: "mlflow.data.context", value: context }] : [];
      const dataset_inputs = [{ dataset, tags }];
      await store.runs.logInputs(info.run_id, { dataset_inputs, model_inputs: [] });
    }

    const summary = { experiment_id: "0", name: "mnist", digest: "1" };
    const found = await store.experiments.datasets(["0", "7"], 10);
    expect(new Set(found)).toEqual(new Set([summary, { ...summary, context: "training" }]));
    expect(await store.experiments.datasets(["0"], 1)).toHaveLength(1);
    expect(await store.experiments.datasets(["7"], 10)).toEqual([]);
  });

  it("numbers experiments and finds them by id and by name", async () => {
    const { experiments } = store;
    const first = await experiments.create({ name: "a", tags: [{ key: "k", value: "v" }] });
    const second = await experiments.create({ name: "b", artifact_location: "s3://x/y", tags: [] });

    expect([first, second]).toEqual(["1", "2"]);
    expect(await experiments.get("1")).toEqual({
      experiment_id: "1",
      name: "a",
      artifact_location: "mlflow-artifacts:/1",
      lifecycle_stage: "active",
      creation_time: expect.any(Number),
      last_update_time: expect.any(Number),
      tags: [{ key: "k", value: "v" }],
    });
    expect((await experiments.getByName("b")).artifact_location).toBe("s3://x/y");
  });

  it("has the default experiment from the start", async () => {
    expect((await store.experiments.get("0")).name).toBe("Default");
  });

  it("refuses a name that is taken, also by a deleted one", async () => {
    const { experiments } = store;
    const id = await experiments.create({ name: "a", tags: [] });
    await experiments.create({ name: "b", tags: [] });

    await expect(experiments.create({ name: "a", tags: [] })).rejects.toMatchObject({
      status: 400,
      code: "RESOURCE_ALREADY_EXISTS",
    });
    await experiments.delete(id);
    await expect(experiments.create({ name: "a", tags: [] })).rejects.toThrow(
      "Experiment(name=a) already exists in deleted state. Choose another name, or restore it.",
    );
    await expect(experiments.rename("2", "a")).rejects.toThrow("already exists");
  });

  it("hides a deleted experiment and its runs until it is restored", async () => {
    const { experiments, runs } = store;
    const id = await experiments.create({ name: "a", tags: [] });
    const { info } = await newRun(store, { experiment_id: id });
    const listed = async (view_type: "ACTIVE_ONLY" | "DELETED_ONLY") =>
      (await experiments.search({ filter: everything, order_by: [], max_results: 9, view_type }))
        .rows;

    await experiments.delete(id);
    expect((await listed("DELETED_ONLY")).map(({ name }) => name)).toEqual(["a"]);
    expect((await runs.get(info.run_id)).info.lifecycle_stage).toBe("deleted");
    await expect(newRun(store, { experiment_id: id })).rejects.toThrow(
      "The experiment 1 must be in the 'active' state. Current state is deleted.",
    );

    await experiments.restore(id);
    expect((await listed("ACTIVE_ONLY")).map(({ name }) => name)).toEqual(["a", "Default"]);
    expect((await runs.get(info.run_id)).info.lifecycle_stage).toBe("active");
  });

  it("says which experiment is missing", async () => {
    const missing = { status: 404, code: "RESOURCE_DOES_NOT_EXIST" };

    await expect(store.experiments.get("7")).rejects.toMatchObject(missing);
    await expect(store.experiments.getByName("x")).rejects.toMatchObject(missing);
    await expect(store.experiments.delete("7")).rejects.toMatchObject(missing);
    await expect(store.experiments.deleteTag("0", "x")).rejects.toMatchObject(missing);
  });
});
