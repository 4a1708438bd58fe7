import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeAll(async () => {
  tracker = await startTracker();
});
afterAll(() => tracker.stop());

interface Logged {
  readonly step: number;
  readonly run_id: string;
  readonly value: unknown;
}

/** A run with as many values of `loss`, each the number of its step. */
async function runWith(count: number): Promise<string> {
  const run_id = await tracker.newRun();
  for (let start = 0; start < count; start += 1000) {
    const metrics = Array.from({ length: Math.min(1000, count - start) }, (_, index) => {
      const step = start + index;
      return { key: "loss", value: step, timestamp: 10 + step, step };
    });
    await tracker.call("POST", "/runs/log-batch", { run_id, metrics });
  }
  return run_id;
}

async function logged(path: string, fields: Record<string, unknown>): Promise<Logged[]> {
  const { status, body } = await tracker.call("GET", path, { metric_key: "loss", ...fields });
  expect([status, body.message]).toEqual([200, undefined]);
  return body.metrics as Logged[];
}

const bulk = "/metrics/get-history-bulk";
const interval = "/metrics/get-history-bulk-interval";

describe("the history of a metric of many runs", () => {
  it("comes run after run, up to as many values as are asked for", async () => {
    const ids = [await runWith(3), await runWith(2)].toSorted();
    const nothing = await tracker.newRun();
    const run_id = [...ids, nothing, "0".repeat(32)];

    const all = await logged(bulk, { run_id });
    expect(all).toHaveLength(5);
    expect([...new Set(all.map((metric) => metric.run_id))]).toEqual(ids);
    expect(all[0]).toEqual({ key: "loss", value: 0, timestamp: 10, step: 0, run_id: ids[0] });
    expect(await logged(bulk, { run_id, max_results: 4 })).toEqual(all.slice(0, 4));
    expect(await logged(bulk, { run_id: ids[1], metric_key: "other" })).toEqual([]);
  });

  it("is thinned out evenly, with the first and the last value of each run", async () => {
    const long = await runWith(2600);
    const short = await runWith(3);
    const steps = async (fields: object) =>
      (await logged(interval, { run_ids: [long], ...fields })).map(({ step }) => step);

    const thinned = await logged(interval, { run_ids: [long, short], max_results: 5 });
    expect(thinned.map(({ run_id, step }) => [run_id === long, step])).toEqual([
      ...[0, 650, 1300, 1950, 2599].map((step) => [true, step]),
      ...[0, 1, 2].map((step) => [false, step]),
    ]);
    expect(await steps({})).toHaveLength(2500);
    expect(await steps({ max_results: 1 })).toEqual([2599]);
    expect(await steps({ max_results: 2 })).toEqual([0, 2599]);
    expect(await steps({ max_results: 3, start_step: 10, end_step: 12 })).toEqual([10, 11, 12]);
    expect(await steps({ max_results: 3, start_step: 10, end_step: 20 })).toEqual([10, 15, 20]);
    expect(await steps({ start_step: 9000, end_step: 9001 })).toEqual([]);
    expect(await steps({ max_results: 1, start_step: 7, end_step: 7 })).toEqual([7]);
  });

  it("is bounded where many values share a step", async () => {
    const run_id = await tracker.newRun();
    const values = Array.from({ length: 100 }, (_, index) => ({
      key: "loss",
      value: index === 99 ? "NaN" : index,
      timestamp: index,
    }));
    await tracker.call("POST", "/runs/log-batch", { run_id, metrics: values });

    const thinned = await logged(interval, { run_ids: [run_id], max_results: 4 });
    expect(thinned.map(({ value }) => value)).toEqual([0, 33, 66, "NaN"]);
  });

  it.each([
    [bulk, {}, "must specify at least one run_id"],
    [bulk, { run_id: Array(101).fill("r") }, "cannot specify more than 100 run_ids. Received 101"],
    [bulk, { run_id: "r", max_results: 0 }, "Invalid value \"0\" for parameter 'max_results'"],
    [bulk, { run_id: "r", metric_key: "" }, "required parameter 'metric_key'"],
    [interval, {}, "must specify at least one run_ids"],
    [interval, { run_ids: Array(101).fill("r") }, "cannot specify more than 100 run_ids"],
    [interval, { run_ids: "r", max_results: 2501 }, "max_results must be between 1 and 2500."],
    [interval, { run_ids: "r", start_step: 1 }, "both must be specified"],
    [
      interval,
      { run_ids: "r", start_step: 2, end_step: 1 },
      "end_step must be greater than start_step. Found start_step=2 and end_step=1.",
    ],
  ])("%s refuses %o", async (path, fields, message) => {
    expect(await tracker.call("GET", path, { metric_key: "loss", ...fields })).toEqual({
      status: 400,
      body: { error_code: "INVALID_PARAMETER_VALUE", message: expect.stringContaining(message) },
    });
  });

  it("is empty for a run that is missing, as in MLflow", async () => {
    expect(await logged(interval, { run_ids: ["0".repeat(32)] })).toEqual([]);
  });
});
