import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeEach(async () => {
  tracker = await startTracker();
});
afterEach(() => tracker.stop());

/** Calls one of the page's own operations, below `/ajax-api/2.0/updraft`. */
async function ask(path: string, fields?: object) {
  const response = await fetch(`${tracker.url}/ajax-api/2.0/updraft${path}`, {
    method: fields ? "POST" : "GET",
    ...(fields ? { body: JSON.stringify(fields) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function newRun(name: string, data: { lr: string; accuracy: number }, start: number) {
  const { info } = await tracker.store.runs.create({
    experiment_id: "0",
    run_name: name,
    user_id: "ada",
    start_time: start,
    tags: [{ key: "updraft.gate", value: "passed" }],
  });
  await tracker.store.runs.log(info.run_id, {
    metrics: [
      { key: "accuracy", value: data.accuracy, timestamp: 1, step: 0 },
      { key: "system/cpu", value: 3, timestamp: 1, step: 0 },
    ],
    params: [
      { key: "lr", value: data.lr },
      { key: "seed", value: "1" },
    ],
    tags: [{ key: "long", value: "x".repeat(300) }],
  });
  return info.run_id;
}

describe("the table of runs", () => {
  it("has the columns that were asked for, in their order, and counts all others", async () => {
    await newRun("a", { lr: "0.1", accuracy: 0.9 }, 1);
    await newRun("b", { lr: "0.2", accuracy: Number.NaN }, 2);

    const { body } = await ask("/runs/table", {
      experiment_ids: ["0"],
      order_by: ["params.lr ASC"],
      columns: ["params.lr", "metrics.accuracy", "tags.none"],
    });

    const runs = body.runs as { run_name: string; cells: unknown[]; user_id: string }[];
    expect(runs.map(({ run_name, cells }) => [run_name, ...cells])).toEqual([
      ["a", "0.1", 0.9, null],
      ["b", "0.2", "NaN", null],
    ]);
    expect(Object.keys(runs[0] ?? {}).toSorted()).toEqual(
      "cells experiment_id lifecycle_stage run_id run_name start_time status user_id".split(" "),
    );
    expect(body.column_counts).toEqual({
      "metrics.accuracy": 2,
      "metrics.system/cpu": 2,
      "params.lr": 2,
      "params.seed": 2,
      "tags.long": 2,
      "tags.mlflow.runName": 2,
      "tags.updraft.gate": 2,
    });
  });

  it("has the columns that say most while none are asked for", async () => {
    await newRun("a", { lr: "0.1", accuracy: 0.9 }, 1);
    await newRun("b", { lr: "0.2", accuracy: 0.8 }, 2);

    const { body } = await ask("/runs/table", { experiment_ids: ["0"] });

    expect(body.columns).toEqual(["tags.updraft.gate", "metrics.accuracy", "params.lr"]);
  });

  it("shortens long texts, and goes on page by page", async () => {
    await newRun("a", { lr: "0.1", accuracy: 0.9 }, 1);
    await newRun("b", { lr: "0.2", accuracy: 0.8 }, 2);
    const search = { experiment_ids: ["0"], columns: ["tags.long"], max_results: 1 };

    const first = await ask("/runs/table", search);
    const second = await ask("/runs/table", { ...search, page_token: first.body.next_page_token });

    const [run] = first.body.runs as { run_name: string; cells: string[] }[];
    expect([run?.run_name, run?.cells[0]]).toEqual(["b", `${"x".repeat(199)}…`]);
    expect((second.body.runs as { run_name: string }[])[0]?.run_name).toBe("a");
    expect(second.body.next_page_token).toBeUndefined();
  });

  it("says in MLflow's words what is wrong with a filter", async () => {
    const { status, body } = await ask("/runs/table", { experiment_ids: ["0"], filter: "a b c" });

    expect([status, body.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
  });
});

/** Logs as many steps of a loss. */
async function log(run_id: string, from: number, count: number): Promise<void> {
  const metrics = Array.from({ length: count }, (_, offset) => ({
    key: "loss",
    value: from + offset,
    timestamp: 100 + from + offset,
    step: from + offset,
  }));
  await tracker.store.runs.log(run_id, { metrics, params: [], tags: [] });
}

describe("the curves of runs", () => {
  interface Curves {
    readonly status: string;
    readonly series: {
      key: string;
      cursor: string;
      count: number;
      steps: number[];
      values: number[];
    }[];
  }

  async function curves(fields: object): Promise<Curves[]> {
    return (await ask("/metrics/series", fields)).body.runs as Curves[];
  }

  it("come at once for all metrics of several runs, or for those that are named", async () => {
    const runs = [await tracker.newRun(), await tracker.newRun()];
    for (const run of runs) await log(run, 0, 3);
    await tracker.store.runs.log(runs[0]!, {
      metrics: [{ key: "acc", value: 1, timestamp: 1, step: 0 }],
      params: [],
      tags: [],
    });

    const all = await curves({ runs: runs.map((run_id) => ({ run_id })) });
    const named = await curves({ runs: [{ run_id: runs[0], metric_keys: ["acc", "none"] }] });

    expect(all.map(({ series }) => series.map(({ key }) => key))).toEqual([
      ["acc", "loss"],
      ["loss"],
    ]);
    expect(all[1]?.series[0]).toMatchObject({ count: 3, steps: [0, 1, 2], values: [0, 1, 2] });
    expect(named[0]?.series.map(({ key }) => key)).toEqual(["acc"]);
  });

  it("are only what is new after their cursors", async () => {
    const run_id = await tracker.newRun();
    await log(run_id, 0, 3);
    const [first] = await curves({ runs: [{ run_id }] });
    const cursors = { loss: first?.series[0]?.cursor };

    expect((await curves({ runs: [{ run_id, cursors }] }))[0]?.series).toEqual([]);
    await log(run_id, 3, 2);
    const [news] = await curves({ runs: [{ run_id, cursors }] });
    expect(news?.series[0]).toMatchObject({ count: 2, steps: [3, 4] });
    expect(news?.status).toBe("RUNNING");
  });

  it("are thinned to what a screen has room for, however long they are", async () => {
    const run_id = await tracker.newRun();
    for (let from = 0; from < 25_000; from += 1000) await log(run_id, from, 1000);

    const [answer] = await curves({ runs: [{ run_id }], max_points: 100 });

    const [series] = answer?.series ?? [];
    expect(series?.count).toBe(25_000);
    expect(series?.steps.length).toBeLessThanOrEqual(100);
    expect([series?.steps[0], series?.steps.at(-1)]).toEqual([0, 24_999]);
  });

  it("of a run that is not there are a 404", async () => {
    expect((await ask("/metrics/series", { runs: [{ run_id: "none" }] })).status).toBe(404);
  });
});

describe("how much happens in experiments", () => {
  it("counts runs and those that go on, without deleted ones", async () => {
    await newRun("a", { lr: "1", accuracy: 1 }, 5000);
    const ended = await newRun("b", { lr: "1", accuracy: 1 }, 7000);
    const deleted = await newRun("c", { lr: "1", accuracy: 1 }, 9000);
    await tracker.store.runs.update(ended, { status: "FINISHED" });
    await tracker.store.runs.delete(deleted);

    const { body } = await ask("/experiments/activity");

    expect(body.experiments).toEqual([
      { experiment_id: "0", runs: 2, running: 1, last_start_time: 7000 },
    ]);
  });
});

describe("answers for browsers", () => {
  it("are packed for those that take it, and not for clients", async () => {
    for (let index = 0; index < 20; index += 1)
      await newRun(`r${index}`, { lr: "1", accuracy: 1 }, 1);
    const search = { method: "POST", body: JSON.stringify({ experiment_ids: ["0"] }) };
    const encoding = async (base: string) =>
      (await fetch(`${tracker.url}/${base}/2.0/mlflow/runs/search`, search)).headers.get(
        "Content-Encoding",
      );

    expect([await encoding("ajax-api"), await encoding("api")]).toEqual(["gzip", null]);
  });
});
