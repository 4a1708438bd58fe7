import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseFilter } from "../search/filter.ts";
import { runGrammar } from "../search/grammar.ts";
import { parseOrderBy } from "../search/order-by.ts";
import type { Page } from "../search/page-token.ts";
import { databases, newRun, type OpenedStore } from "./databases-under-test.ts";
import type { TrackerStore } from "./tracker-store.ts";
import type { Run } from "./runs.ts";

describe.each(databases)("searching runs in $name", ({ open }) => {
  let opened: OpenedStore;
  let store: TrackerStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.discard());

  /** Runs `0` to `5`, each started a second later: score `n`, of `3` NaN, of `4` none. */
  async function sixRuns(): Promise<void> {
    for (let index = 0; index < 6; index += 1) {
      const { info } = await newRun(store, {
        run_name: String(index),
        start_time: index * 1000,
      });
      const value = index === 3 ? Number.NaN : index;
      await store.runs.log(info.run_id, {
        metrics: index === 4 ? [] : [{ key: "score", value, timestamp: 1, step: 0 }],
        params: [{ key: "kind", value: index % 2 === 0 ? "even" : "odd" }],
        tags: index < 2 ? [{ key: "Note", value: `Note ${index}` }] : [],
      });
      if (index > 2) {
        await store.runs.update(info.run_id, { status: "FINISHED", end_time: index * 1000 + 1 });
      }
    }
  }

  async function found(filter: string, order_by: string[] = []): Promise<string> {
    const { rows } = await search({ filter, order_by });
    return rows.map(({ info }) => info.run_name).join(" ");
  }

  function search({ filter = "", order_by = [] as string[], ...page }): Promise<Page<Run>> {
    return store.runs.search({
      experiment_ids: ["0"],
      run_view_type: "ACTIVE_ONLY",
      filter: parseFilter(filter, runGrammar),
      order_by: parseOrderBy(order_by, runGrammar),
      max_results: 100,
      ...page,
    });
  }

  it("finds by attributes, metrics, params and tags", async () => {
    await sixRuns();

    expect(await found("")).toBe("5 4 3 2 1 0");
    expect(await found("attributes.status = 'RUNNING'")).toBe("2 1 0");
    expect(await found("attributes.status = 'RUNNING' AND params.kind = 'even'")).toBe("2 0");
    expect(await found("start_time >= 2000 AND start_time < 4000")).toBe("3 2");
    expect(await found("run_name IS NOT NULL".replace("run_name", "tags.Note"))).toBe("1 0");
    expect(await found("tags.Note IS NULL AND params.kind = 'odd'")).toBe("5 3");
    expect(await found("tags.Note = 'Note 1'")).toBe("1");
    expect(await found("tags.Note != 'Note 1'")).toBe("0");
    expect(await found("tags.x = 'y'")).toBe("");
  });

  it("finds by the datasets that went in, each comparison by any of them", async () => {
    await sixRuns();
    const dataset = { digest: "1", source_type: "local", source: "{}" };
    const input = async (run: string, name: string, context?: string) => {
      const { rows } = await search({ filter: `run_name = '${run}'` });
      const tags = context ? [{ key: "mlflow.data.context", value: context }] : [];
      await store.runs.logInputs(rows[0]?.info.run_id ?? "", {
        dataset_inputs: [{ dataset: { ...dataset, name }, tags }],
        model_inputs: [],
      });
    };
    await input("1", "mnist", "training");
    await input("1", "iris", "validation");
    await input("2", "iris", "training");
    await input("3", "MNIST");

    expect(await found("datasets.name = 'mnist'")).toBe("1");
    expect(await found("dataset.name ILIKE 'mnist'")).toBe("3 1");
    expect(await found("datasets.name IN ('iris', 'x')")).toBe("2 1");
    expect(await found("datasets.name NOT IN ('iris')")).toBe("3 1");
    expect(await found("datasets.name != 'iris'")).toBe("3 1");
    expect(await found("datasets.digest = '1' AND datasets.context = 'training'")).toBe("2 1");
    expect(await found("datasets.context = 'validation' AND datasets.name = 'mnist'")).toBe("1");
  });

  it("refuses the page token of another order", async () => {
    await sixRuns();
    const { nextPageToken: page_token } = await search({ max_results: 2 } as object);

    await expect(
      search({ max_results: 2, page_token, order_by: ["end_time"] } as object),
    ).rejects.toMatchObject({ status: 400, message: expect.stringContaining("another order_by") });
  });

  it("compares texts by case with LIKE and without with ILIKE", async () => {
    await sixRuns();

    expect(await found("tags.Note LIKE 'Note%'")).toBe("1 0");
    expect(await found("tags.Note LIKE 'note%'")).toBe("");
    expect(await found("tags.Note ILIKE 'note _'")).toBe("1 0");
  });

  it("takes NaN to differ from every number and to be in no other relation", async () => {
    await sixRuns();

    expect(await found("metrics.score >= 0")).toBe("5 2 1 0");
    expect(await found("metrics.score < 100")).toBe("5 2 1 0");
    expect(await found("metrics.score = 0")).toBe("0");
    expect(await found("metrics.score != 0")).toBe("5 3 2 1");
  });

  it("sorts with NaN after the numbers and runs without the metric last", async () => {
    await sixRuns();

    expect(await found("", ["metrics.score"])).toBe("0 1 2 5 3 4");
    expect(await found("", ["metrics.score DESC"])).toBe("5 2 1 0 3 4");
    expect(await found("", ["params.kind DESC", "start_time"])).toBe("1 3 5 0 2 4");
    expect(await found("", ["end_time DESC"])).toBe("5 4 3 2 1 0");
    expect(await found("", ["end_time ASC"])).toBe("3 4 5 2 1 0");
    expect(await found("", ["tags.Note", "start_time ASC"])).toBe("0 1 2 3 4 5");
  });

  it.each([[[]], [["metrics.score DESC"]], [["end_time"]], [["params.kind", "metrics.score"]]])(
    "gives each run on exactly one page, sorted by %j",
    async (order_by) => {
      await sixRuns();
      const names: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await search({ order_by, max_results: 2, page_token } as object);
        names.push(...page.rows.map(({ info }) => info.run_name));
        page_token = page.nextPageToken;
      } while (page_token);

      expect(names.join(" ")).toBe(await found("", order_by));
    },
  );

  it("goes on where the last page ended while runs are added", async () => {
    await sixRuns();

    const first = await search({ max_results: 2 } as object);
    await newRun(store, { run_name: "new", start_time: 9000 });
    const second = await search({ max_results: 9, page_token: first.nextPageToken } as object);

    expect(second.rows.map(({ info }) => info.run_name).join(" ")).toBe("3 2 1 0");
  });

  it("searches only the experiments that are named, and deleted runs on demand", async () => {
    await sixRuns();
    const { rows } = await search({});
    await store.runs.delete(rows[0]?.info.run_id ?? "");

    expect(await found("")).toBe("4 3 2 1 0");
    expect((await search({ run_view_type: "DELETED_ONLY" } as object)).rows).toHaveLength(1);
    expect((await search({ run_view_type: "ALL" } as object)).rows).toHaveLength(6);
    expect((await search({ experiment_ids: [] } as object)).rows).toEqual([]);
    expect((await search({ experiment_ids: ["5"] } as object)).rows).toEqual([]);
  });
});
