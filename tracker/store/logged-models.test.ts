import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseFilter } from "../search/filter.ts";
import { loggedModelGrammar } from "../search/grammar.ts";
import type { Page } from "../search/page-token.ts";
import { batch, databases, newRun, type OpenedStore } from "./databases-under-test.ts";
import type { LoggedModel, LoggedModelStore, ModelOrder } from "./logged-models.ts";
import type { LoggedMetric } from "./runs.ts";
import type { TrackerStore } from "./tracker-store.ts";

describe.each(databases)("logged models in $name", ({ open }) => {
  let opened: OpenedStore;
  let store: TrackerStore;
  let models: LoggedModelStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
    models = store.loggedModels;
  });
  afterEach(() => opened.discard());

  async function newModel(
    changes: Partial<Parameters<LoggedModelStore["create"]>[0]> = {},
  ): Promise<string> {
    const model = { experiment_id: "0", name: "digits", params: [], tags: [], ...changes };
    return (await models.create(model)).info.model_id;
  }

  async function log(model_id: string, ...metrics: Partial<LoggedMetric>[]): Promise<string> {
    const { info } = await newRun(store);
    const complete = metrics.map((metric) => ({
      key: "accuracy",
      value: 1,
      timestamp: 1,
      step: 0,
      model_id,
      ...metric,
    }));
    await store.runs.log(info.run_id, batch({ metrics: complete }));
    return info.run_id;
  }

  async function found(
    search: Partial<Omit<Parameters<LoggedModelStore["search"]>[0], "filter">> & {
      filter?: string;
    } = {},
  ): Promise<string> {
    const { rows } = await models.search({
      experiment_ids: ["0"],
      datasets: [],
      order_by: [{ entity: "attribute", key: "name", descending: false }],
      max_results: 100,
      ...search,
      filter: parseFilter(search.filter ?? "", loggedModelGrammar),
    });
    return rows.map(({ info }) => info.name).join(" ");
  }

  it("are given an id and a folder, and are pending until they are finalized", async () => {
    const source_run_id = (await newRun(store)).info.run_id;
    const created = await models.create({
      experiment_id: "0",
      name: "digits",
      source_run_id,
      model_type: "keras",
      params: [{ key: "layers", value: "5" }],
      tags: [{ key: "team", value: "vision" }],
    });
    const { model_id } = created.info;

    expect(model_id).toMatch(/^m-[0-9a-f]{32}$/);
    expect(created).toEqual({
      info: {
        model_id,
        experiment_id: "0",
        name: "digits",
        creation_timestamp_ms: expect.any(Number),
        last_updated_timestamp_ms: created.info.creation_timestamp_ms,
        artifact_uri: `mlflow-artifacts:/0/models/${model_id}/artifacts`,
        status: "LOGGED_MODEL_PENDING",
        model_type: "keras",
        source_run_id,
        tags: [{ key: "team", value: "vision" }],
      },
      data: { params: [{ key: "layers", value: "5" }], metrics: [] },
    });
    expect((await models.finalize(model_id, "LOGGED_MODEL_READY")).info.status).toBe(
      "LOGGED_MODEL_READY",
    );
    expect((await models.get(model_id)).info.status).toBe("LOGGED_MODEL_READY");
    await expect(newModel({ experiment_id: "7" })).rejects.toMatchObject({ status: 404 });
  });

  it("show every metric that runs log about them, NaN and infinities included", async () => {
    const model_id = await newModel();
    const values = [Number.NaN, Number.POSITIVE_INFINITY, 0.5];
    const onTest = { dataset_name: "mnist", dataset_digest: "abc" };

    const run_id = await log(
      model_id,
      ...values.map((value, step) => ({ value, step })),
      { step: 2, value: 0.5 },
      { step: 2, value: 0.25, ...onTest },
      { key: "of the run alone", model_id: undefined },
    );

    const common = { key: "accuracy", timestamp: 1, run_id, model_id };
    expect((await models.get(model_id)).data.metrics).toEqual([
      { ...common, step: 0, value: Number.NaN },
      { ...common, step: 1, value: Number.POSITIVE_INFINITY },
      { ...common, step: 2, value: 0.5 },
      { ...common, step: 2, value: 0.25, ...onTest },
    ]);
    expect((await store.runs.get(run_id)).data.metrics.map(({ key }) => key)).toEqual([
      "accuracy",
      "of the run alone",
    ]);
  });

  it("are not made up by a metric: nothing of its batch is logged", async () => {
    const { info } = await newRun(store);
    const metrics = [
      { key: "a", value: 1, timestamp: 1, step: 0 },
      { key: "b", value: 1, timestamp: 1, step: 0, model_id: "m-none" },
    ];

    await expect(store.runs.log(info.run_id, batch({ metrics }))).rejects.toMatchObject({
      status: 404,
      message: "Logged model with ID 'm-none' not found.",
    });
    expect((await store.runs.get(info.run_id)).data.metrics).toEqual([]);
  });

  it("take tags again and again, and keep the params they have", async () => {
    const model_id = await newModel({ params: [{ key: "p", value: "1" }] });

    const tags = [
      { key: "a", value: "1" },
      { key: "b", value: "2" },
      { key: "a", value: "3" },
    ];
    await models.setTags(model_id, tags);
    await models.setTags(model_id, tags);
    expect((await models.get(model_id)).info.tags).toEqual([
      { key: "a", value: "3" },
      { key: "b", value: "2" },
    ]);
    await models.deleteTag(model_id, "a");
    await expect(models.deleteTag(model_id, "a")).rejects.toMatchObject({
      status: 404,
      message: `No tag with key 'a' found for model with ID '${model_id}'.`,
    });
    await models.logParams(model_id, [
      { key: "p", value: "1" },
      { key: "q", value: "2" },
    ]);
    await expect(
      models.logParams(model_id, [
        { key: "r", value: "1" },
        { key: "q", value: "3" },
      ]),
    ).rejects.toMatchObject({ status: 400 });
    expect((await models.get(model_id)).data.params).toEqual([
      { key: "p", value: "1" },
      { key: "q", value: "2" },
    ]);
  });

  it("are hidden once they are deleted, and deleted once", async () => {
    const model_id = await newModel();
    await models.delete(model_id);
    await models.delete(model_id);

    await expect(models.get(model_id)).rejects.toMatchObject({
      status: 404,
      message: `Logged model with ID '${model_id}' not found.`,
    });
    expect((await models.get(model_id, { deleted: true })).info.name).toBe("digits");
    expect(await found()).toBe("");
    await expect(models.delete("m-none")).rejects.toMatchObject({ status: 404 });
  });

  /** Models `a` to `d`; `a` 0.9 and then 0.5, `b` 0.7 on test, `c` NaN, `d` nothing. */
  async function fourModels(): Promise<void> {
    const ids = [];
    for (const name of ["a", "b", "c", "d"]) {
      ids.push(
        await newModel({
          name,
          model_type: name === "d" ? "keras" : undefined,
          params: [{ key: "kind", value: name < "c" ? "small" : "large" }],
          tags: name === "a" ? [{ key: "odd key", value: "Yes" }] : [],
        }),
      );
      // The next one is created in another millisecond: those of one sort by their ids.
      const created = Date.now();
      while (Date.now() === created) await sleep(1);
    }
    const [a = "", b = "", c = ""] = ids;
    const test = { dataset_name: "mnist", dataset_digest: "1" };
    await log(a, { value: 0.9, ...test, dataset_digest: "2" }, { value: 0.5, timestamp: 2 });
    await log(b, { value: 0.7, ...test });
    await log(c, { value: Number.NaN });
    await models.finalize(a, "LOGGED_MODEL_READY");
  }

  function byAccuracy(changes: Partial<ModelOrder>): Promise<string> {
    return found({
      order_by: [{ entity: "metric", key: "accuracy", descending: true, ...changes }],
    });
  }

  function twoModels(page_token?: string, order_by: ModelOrder[] = []): Promise<Page<LoggedModel>> {
    return models.search({
      experiment_ids: ["0"],
      filter: parseFilter("", loggedModelGrammar),
      datasets: [],
      order_by,
      max_results: 2,
      page_token,
    });
  }

  it("are found by attributes, metrics, params and tags", async () => {
    await fourModels();

    expect(await found()).toBe("a b c d");
    expect(await found({ filter: "name = 'b'" })).toBe("b");
    expect(await found({ filter: "name IN ('a', 'd') AND params.kind = 'small'" })).toBe("a");
    expect(await found({ filter: "params.kind NOT IN ('small')" })).toBe("c d");
    expect(await found({ filter: "params.kind = large" })).toBe("c d");
    expect(await found({ filter: "tags.`odd key` ILIKE 'y%'" })).toBe("a");
    expect(await found({ filter: "status = 'READY'" })).toBe("a");
    expect(await found({ filter: "attributes.status = 'LOGGED_MODEL_PENDING'" })).toBe("b c d");
    expect(await found({ filter: "model_type = 'keras'" })).toBe("d");
    expect(await found({ filter: "experiment_id = 0 AND creation_time > 5" })).toBe("a b c d");
    expect(await found({ filter: "last_updated_timestamp <= 5" })).toBe("");
    expect(await found({ experiment_ids: ["7"] })).toBe("");
    expect(await found({ experiment_ids: [] })).toBe("");
  });

  it("are found by any value of a metric, on the datasets that are named", async () => {
    await fourModels();
    const mnist = { dataset_name: "mnist" };

    expect(await found({ filter: "metrics.accuracy > 0.6" })).toBe("a b");
    expect(await found({ filter: "metrics.accuracy < 0.6" })).toBe("a");
    expect(await found({ filter: "metrics.accuracy < 0.6", datasets: [mnist] })).toBe("");
    expect(await found({ filter: "metrics.accuracy > 0.8", datasets: [mnist] })).toBe("a");
    expect(await found({ datasets: [mnist] })).toBe("a b");
    expect(await found({ datasets: [{ ...mnist, dataset_digest: "1" }] })).toBe("b");
    expect(await found({ datasets: [{ dataset_name: "other" }, mnist] })).toBe("a b");
  });

  it("are sorted by their latest metric, on one dataset or on any, then NaN, then none", async () => {
    await fourModels();
    expect(await byAccuracy({})).toBe("b a c d");
    expect(await byAccuracy({ descending: false })).toBe("a b c d");
    expect(await byAccuracy({ dataset_name: "mnist" })).toBe("a b d c");
    expect(await byAccuracy({ dataset_name: "mnist", dataset_digest: "1" })).toBe("b d c a");
  });

  it("come page by page, each once, the newest first", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) await newModel({ name });
    const names: string[] = [];
    let token: string | undefined;
    do {
      const page = await twoModels(token);
      names.push(...page.rows.map(({ info }) => info.name));
      token = page.nextPageToken;
    } while (token);
    expect(names.toSorted()).toEqual(["a", "b", "c", "d", "e"]);

    const first = await twoModels();
    await expect(
      twoModels(first.nextPageToken, [{ entity: "metric", key: "x", descending: true }]),
    ).rejects.toMatchObject({ status: 400, message: expect.stringContaining("another order_by") });
  });
});
