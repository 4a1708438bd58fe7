import { createHash, randomBytes } from "node:crypto";
import { Connection } from "./connection.ts";
import type { Task } from "./repeat.ts";

const started = 1_750_000_000_000;

/** Makes what is logged to, so that it is not among the runs that are searched. */
export async function createExperiment(url: string): Promise<string> {
  const connection = new Connection(url);
  const { experiment_id } = await connection.call("/experiments/create", { name: "load" });
  await connection.close();
  return String(experiment_id);
}

/** One value at a time, each client to a run of its own. */
export function logMetric(experimentId: string): Task {
  return async (connection, client) => {
    const runId = await newRun(connection, experimentId, client);
    let step = 0;
    return {
      async act() {
        step += 1;
        await connection.call("/runs/log-metric", metricOf(runId, "loss", step));
      },
      check: (acknowledged) => checkHistory(connection, runId, "loss", acknowledged),
    };
  };
}

/** 1,000 values at a time: 100 steps of ten metrics. */
export function logBatch(experimentId: string): Task {
  return async (connection, client) => {
    const runId = await newRun(connection, experimentId, client);
    let step = 0;
    return {
      async act() {
        const first = step;
        step += 100;
        const metrics = Array.from({ length: 1000 }, (_, index) => ({
          key: `metric-${index % 10}`,
          value: index / 7,
          timestamp: started + step,
          step: first + Math.floor(index / 10),
        }));
        await connection.call("/runs/log-batch", { run_id: runId, metrics });
      },
      check: (acknowledged) => checkHistory(connection, runId, "metric-9", acknowledged * 100),
    };
  };
}

/** A whole small run, with the six calls that MLflow's client makes for it. */
export function wholeRun(experimentId: string): Task {
  return async (connection, client) => ({
    async act() {
      const runId = await newRun(connection, experimentId, client);
      for (const key of ["loss", "accuracy", "f1"]) {
        await connection.call("/runs/log-metric", metricOf(runId, key, 1));
      }
      const ids = { run_uuid: runId, run_id: runId };
      const { run } = await connection.get("/runs/get", ids);
      const { metrics } = (run as { data: { metrics: unknown[] } }).data;
      if (metrics.length !== 3) throw new Error(`the run has ${metrics.length} metrics, not 3`);
      await connection.call("/runs/update", { ...ids, status: "FINISHED", end_time: started + 1 });
    },
  });
}

/** A search as it is sent, without the number of results. */
export interface Search {
  readonly filter: string;
  readonly order_by: readonly string[];
}

/** The 100 best of all runs. */
export const best100: Search = { filter: "", order_by: ["metrics.accuracy DESC"] };

/** The best of those that a metric, a param and a tag let through, which are few. */
export const filtered: Search = {
  filter: "metrics.f1 > 0.5 and params.optimizer = 'adam' and tags.team = 'vision'",
  order_by: ["metrics.accuracy DESC"],
};

/** The latest of those whose name begins with some letters. */
export const named: Search = {
  filter: "attributes.run_name LIKE 'run-77%'",
  order_by: ["attributes.start_time DESC"],
};

/** A search in the default experiment. */
export function searchRuns(search: Search): Task {
  return async (connection) => ({
    async act() {
      await search100(connection, search);
    },
  });
}

/** Names of the first 100 runs that a search finds, in its order. */
export async function namesFound(url: string, search: Search): Promise<string[]> {
  const connection = new Connection(url);
  const runs = await search100(connection, search);
  await connection.close();
  return runs.map(({ info }) => info.run_name);
}

async function search100(connection: Connection, search: Search): Promise<FoundRun[]> {
  const fields = { experiment_ids: ["0"], max_results: 100, ...search };
  const { runs = [] } = await connection.call("/runs/search", fields);
  return runs as FoundRun[];
}

interface FoundRun {
  readonly info: { readonly run_name: string };
}

/** Uploads an artifact under a new name each time. */
export function upload(bytes: number): Task {
  const content = randomBytes(bytes);
  return async (connection, client) => {
    const folder = `bench/${process.hrtime.bigint()}-${client}`;
    let count = 0;
    return {
      async act() {
        count += 1;
        await connection.upload(`${folder}/${count}.bin`, content);
      },
      async check() {
        if (count > 0) checkSame(content, await connection.download(`${folder}/${count}.bin`));
      },
    };
  };
}

/** Downloads the same artifact each time. */
export function download(bytes: number): Task {
  const content = randomBytes(bytes);
  return async (connection, client) => {
    const path = `bench/${process.hrtime.bigint()}-${client}.bin`;
    await connection.upload(path, content);
    let last: Buffer = content;
    return {
      async act() {
        last = await connection.download(path);
      },
      check: async () => checkSame(content, last),
    };
  };
}

function checkSame(expected: Buffer, found: Buffer): void {
  const [a, b] = [expected, found].map((each) => createHash("sha256").update(each).digest("hex"));
  if (a !== b) throw new Error(`an artifact came back as ${b}, not as ${a}`);
}

async function newRun(
  connection: Connection,
  experimentId: string,
  client: number,
): Promise<string> {
  const { run } = await connection.call("/runs/create", {
    experiment_id: experimentId,
    user_id: "bench",
    run_name: `load-${client}`,
    start_time: started,
    tags: [
      { key: "mlflow.user", value: "bench" },
      { key: "mlflow.source.name", value: "bench/tracker.ts" },
      { key: "mlflow.source.type", value: "LOCAL" },
    ],
  });
  return (run as { info: { run_id: string } }).info.run_id;
}

function metricOf(runId: string, key: string, step: number): object {
  return { run_uuid: runId, run_id: runId, key, value: 1 / step, timestamp: started + step, step };
}

async function checkHistory(
  connection: Connection,
  runId: string,
  key: string,
  expected: number,
): Promise<void> {
  let found = 0;
  let token = "";
  do {
    const page = { ...(token && { page_token: token }), max_results: "25000" };
    const fields = { run_id: runId, run_uuid: runId, metric_key: key, ...page };
    const { metrics = [], next_page_token } = await connection.get("/metrics/get-history", fields);
    found += (metrics as unknown[]).length;
    token = typeof next_page_token === "string" ? next_page_token : "";
  } while (token !== "");
  if (found < expected)
    throw new Error(`of ${expected} logged values of ${key} ${found} are there`);
}
