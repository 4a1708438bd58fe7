import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseFilter } from "../search/filter.ts";
import { runGrammar } from "../search/grammar.ts";
import { batch, databases, newRun, type OpenedStore } from "./databases-under-test.ts";
import { openDatabase } from "./sql/open-database.ts";
import { createSqlStore } from "./sql/sql-store.ts";
import type { TrackerStore } from "./tracker-store.ts";
import type { Dataset, DatasetInput, Metric, RunBatch } from "./runs.ts";

describe.each(databases)("runs in $name", ({ open }) => {
  let opened: OpenedStore;
  let store: TrackerStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.discard());

  it("keeps what a run is and what it logs", async () => {
    const { runs } = store;
    const { info } = await newRun(store, { run_name: "first", start_time: 5 });
    await runs.log(info.run_id, {
      metrics: [{ key: "loss", value: 0.5, timestamp: 1, step: 0 }],
      params: [{ key: "p", value: "1" }],
      tags: [{ key: "t", value: "2" }],
    });
    await runs.update(info.run_id, { status: "FINISHED", end_time: 9 });

    expect(await runs.get(info.run_id)).toEqual({
      info: {
        run_id: info.run_id,
        run_uuid: info.run_id,
        run_name: "first",
        experiment_id: "0",
        user_id: "me",
        status: "FINISHED",
        start_time: 5,
        end_time: 9,
        artifact_uri: `mlflow-artifacts:/0/${info.run_id}/artifacts`,
        lifecycle_stage: "active",
      },
      data: {
        metrics: [{ key: "loss", value: 0.5, timestamp: 1, step: 0 }],
        params: [{ key: "p", value: "1" }],
        tags: [
          { key: "mlflow.runName", value: "first" },
          { key: "t", value: "2" },
        ],
      },
      inputs: { dataset_inputs: [], model_inputs: [] },
      outputs: { model_outputs: [] },
    });
  });

  it("keeps NaN and the infinities, and logs each value once however often it is sent", async () => {
    const { runs } = store;
    const { info } = await newRun(store);
    const values = [Number.NaN, Infinity, -Infinity, 0, -0, 1e308, 5e-324, 0.1];
    const metrics = values.map((value, step) => ({ key: "m", value, timestamp: 1, step }));

    await runs.log(info.run_id, batch({ metrics }));
    await runs.log(info.run_id, batch({ metrics: [...metrics, ...metrics] }));

    const history = await runs.metricHistory(info.run_id, { metric_key: "m" });
    expect(history.rows).toEqual(metrics.map((metric) => ({ ...metric, value: metric.value + 0 })));
  });

  it("shows of each metric the value with the highest step, then timestamp, then value", async () => {
    const { runs } = store;
    const { info } = await newRun(store);
    const log = (...metrics: Metric[]) => runs.log(info.run_id, batch({ metrics }));
    const latest = async () => (await runs.get(info.run_id)).data.metrics[0];

    await log(
      { key: "m", value: 1, timestamp: 9, step: 2 },
      { key: "m", value: 5, timestamp: 1, step: 1 },
    );
    expect(await latest()).toEqual({ key: "m", value: 1, timestamp: 9, step: 2 });
    await log({ key: "m", value: 7, timestamp: 99, step: 1 });
    expect(await latest()).toEqual({ key: "m", value: 1, timestamp: 9, step: 2 });
    await log({ key: "m", value: 3, timestamp: 9, step: 2 });
    expect(await latest()).toEqual({ key: "m", value: 3, timestamp: 9, step: 2 });
    await log({ key: "m", value: Number.NaN, timestamp: 10, step: 2 });
    expect(await latest()).toEqual({ key: "m", value: Number.NaN, timestamp: 10, step: 2 });
  });

  it("pages through a history while more is logged", async () => {
    const { runs } = store;
    const { info } = await newRun(store);
    await runs.log(info.run_id, at(0, 1, 2, 3, 4));
    const page = (page_token?: string) =>
      runs.metricHistory(info.run_id, { metric_key: "m", max_results: 2, page_token });

    const first = await page();
    await runs.log(info.run_id, at(-5, 7));
    const second = await page(first.nextPageToken);
    const third = await page(second.nextPageToken);

    expect([first, second, third].map(({ rows }) => rows.map(({ step }) => step))).toEqual([
      [0, 1],
      [2, 3],
      [4, 7],
    ]);
    expect(third.nextPageToken).toBeUndefined();
  });

  it("does not change a param, and logs nothing of a batch that tries to", async () => {
    const { runs } = store;
    const { info } = await newRun(store);
    await runs.log(info.run_id, batch({ params: [{ key: "p", value: "1" }] }));

    await runs.log(info.run_id, batch({ params: [{ key: "p", value: "1" }] }));
    const changed = runs.log(info.run_id, {
      params: [
        { key: "p", value: "2" },
        { key: "q", value: "3" },
      ],
      metrics: [{ key: "m", value: 1, timestamp: 1, step: 0 }],
      tags: [{ key: "t", value: "1" }],
    });

    await expect(changed).rejects.toThrow(
      `Changing param values is not allowed. Param with key='p' was already logged with value='1' for run ID='${info.run_id}'. Attempted logging new value '2'.`,
    );
    const { data } = await runs.get(info.run_id);
    expect(data.params).toEqual([{ key: "p", value: "1" }]);
    expect(data.metrics).toEqual([]);
    expect(data.tags.map(({ key }) => key)).toEqual(["mlflow.runName"]);
  });

  it("writes tags over each other and keeps the name in its tag", async () => {
    const { runs } = store;
    const { info } = await newRun(store, { run_name: "a" });

    await runs.log(
      info.run_id,
      batch({
        tags: [
          { key: "t", value: "1" },
          { key: "t", value: "2" },
        ],
      }),
    );
    await runs.log(info.run_id, batch({ tags: [{ key: "mlflow.runName", value: "b" }] }));
    expect((await runs.get(info.run_id)).info.run_name).toBe("b");
    await runs.update(info.run_id, { run_name: "c" });

    expect((await runs.get(info.run_id)).data.tags).toEqual([
      { key: "mlflow.runName", value: "c" },
      { key: "t", value: "2" },
    ]);
    await runs.deleteTag(info.run_id, "t");
    await expect(runs.deleteTag(info.run_id, "t")).rejects.toMatchObject({ status: 404 });
  });

  it("logs a dataset once for a run, in the order they came", async () => {
    const { runs } = store;
    const { info } = await newRun(store);
    const tags = [{ key: "mlflow.data.context", value: "training" }];

    const log = (dataset_inputs: DatasetInput[]) =>
      runs.logInputs(info.run_id, { dataset_inputs, model_inputs: [] });
    await log([{ dataset: dataset("b"), tags }]);
    await log([
      { dataset: dataset("b"), tags: [] },
      { dataset: { ...dataset("a"), schema: "s", profile: "p" }, tags: [] },
    ]);

    expect((await runs.get(info.run_id)).inputs.dataset_inputs).toEqual([
      { dataset: dataset("b"), tags },
      { dataset: { ...dataset("a"), schema: "s", profile: "p" }, tags: [] },
    ]);
  });

  it("names the models that go into a run and come out of it once, in the order they came", async () => {
    const { runs } = store;
    const { info } = await newRun(store);
    const outputs = [
      { model_id: "m-b", step: 2 },
      { model_id: "m-a", step: 1 },
    ];
    const model_inputs = [{ model_id: "m-2" }, { model_id: "m-1" }];

    for (let repeated = 0; repeated < 2; repeated += 1) {
      await runs.logInputs(info.run_id, { dataset_inputs: [], model_inputs });
      await runs.logOutputs(info.run_id, outputs);
    }
    await runs.logOutputs(info.run_id, [{ model_id: "m-b", step: 3 }]);

    const run = await runs.get(info.run_id);
    expect(run.inputs.model_inputs).toEqual(model_inputs);
    expect(run.outputs.model_outputs).toEqual([...outputs, { model_id: "m-b", step: 3 }]);
    await runs.delete(info.run_id);
    await expect(runs.logOutputs(info.run_id, [])).rejects.toMatchObject({ status: 400 });
  });

  it("takes no logs for a deleted run until it is restored", async () => {
    const { runs } = store;
    const { info } = await newRun(store);
    const log = () => runs.log(info.run_id, batch({ tags: [{ key: "a", value: "b" }] }));
    await runs.delete(info.run_id);

    await expect(log()).rejects.toThrow(
      `The run ${info.run_id} must be in the 'active' state. Current state is deleted.`,
    );
    await expect(runs.update(info.run_id, {})).rejects.toMatchObject({ status: 400 });

    await runs.restore(info.run_id);
    await log();
    expect((await runs.get(info.run_id)).data.tags).toContainEqual({ key: "a", value: "b" });
  });

  it("has every value once, however many there are and however often they are sent", async () => {
    const { runs } = store;
    const { info } = await newRun(store);
    const logBatch = (number: number) => {
      const metrics = Array.from({ length: 1000 }, (_, index) => {
        const step = number * 10 + Math.floor(index / 100);
        return { key: `m${index % 100}`, value: step / 7, timestamp: step, step };
      });
      return runs.log(info.run_id, batch({ metrics }));
    };

    for (let number = 0; number < 23; number += 1) await logBatch(number);
    const before = await runs.metricHistory(info.run_id, { metric_key: "m42" });
    await Promise.all([22, 3, 23, 22].map(logBatch));

    const steps = Array.from({ length: 240 }, (_, step) => step);
    expect(before.rows.map(({ step }) => step)).toEqual(steps.slice(0, 230));
    for (const metric_key of ["m0", "m42", "m99"]) {
      const { rows } = await runs.metricHistory(info.run_id, { metric_key });
      expect(rows.map(({ step }) => step)).toEqual(steps);
    }
  });

  it("leaves no value behind when a run is removed", async () => {
    const { info } = await newRun(store);
    const metrics = [{ key: "m", value: 1, timestamp: 1, step: 1 }];
    await store.runs.log(info.run_id, batch({ metrics }));
    await store.runs.metricHistory(info.run_id, { metric_key: "m" });
    await store.runs.log(info.run_id, batch({ metrics }));
    const db = await openDatabase(opened.address);
    await db.deleteFrom("runs").where("run_id", "=", info.run_id).execute();

    const tables = ["metrics", "latest_metrics", "unsorted_metrics", "run_tags"] as const;
    const left = await Promise.all(
      tables.map((table) => db.selectFrom(table).select("run_id").execute()),
    );
    await db.destroy();

    expect(left).toEqual([[], [], [], []]);
  });

  it("shows what another tracker has changed since it was looked at", async () => {
    const other = createSqlStore(await openDatabase(opened.address));
    const { info } = await newRun(store);
    const id = info.run_id;
    const seen = async () => {
      const { rows } = await store.runs.search({
        experiment_ids: ["0"],
        run_view_type: "ALL",
        filter: parseFilter("", runGrammar),
        order_by: [],
        max_results: 10,
      });
      expect(await store.runs.get(id)).toEqual(rows[0]);
      return JSON.stringify(rows[0]);
    };
    const changes: (() => Promise<unknown>)[] = [
      () => other.runs.log(id, batch({ metrics: [{ key: "m", value: 1, timestamp: 1, step: 1 }] })),
      () => other.runs.log(id, batch({ params: [{ key: "p", value: "1" }] })),
      () => other.runs.log(id, batch({ tags: [{ key: "t", value: "1" }] })),
      () => other.runs.deleteTag(id, "t"),
      () =>
        other.runs.logInputs(id, {
          dataset_inputs: [{ dataset: dataset("d"), tags: [] }],
          model_inputs: [],
        }),
      () => other.runs.update(id, { status: "FINISHED", run_name: "done" }),
      () => other.runs.delete(id),
      () => other.runs.restore(id),
      () => other.experiments.delete("0"),
    ];
    const shown = [await seen()];

    for (const change of changes) {
      await change();
      shown.push(await seen());
    }
    await other.close();

    const changed = shown.slice(1).map((text, index) => text !== shown[index]);
    expect(changed).toEqual(changes.map(() => true));
  });

  it("takes what many clients log at the same time", async () => {
    const { runs } = store;
    const { info } = await newRun(store);
    const steps = Array.from({ length: 40 }, (_, index) => index);

    await Promise.all(
      steps.map((step) =>
        runs.log(info.run_id, {
          metrics: [{ key: "m", value: step, timestamp: step, step }],
          params: [{ key: `p${step}`, value: "1" }],
          tags: [{ key: "t", value: String(step) }],
        }),
      ),
    );

    const { data } = await runs.get(info.run_id);
    expect(data.params).toHaveLength(40);
    expect(data.metrics).toEqual([{ key: "m", value: 39, timestamp: 39, step: 39 }]);
    const history = await runs.metricHistory(info.run_id, { metric_key: "m" });
    expect(history.rows.map(({ step }) => step)).toEqual(steps);
  });
});

function at(...steps: number[]): RunBatch {
  return batch({
    metrics: steps.map((step) => ({ key: "m", value: step, timestamp: step, step })),
  });
}

function dataset(name: string): Dataset {
  return { name, digest: "d", source_type: "http", source: "{}" };
}
