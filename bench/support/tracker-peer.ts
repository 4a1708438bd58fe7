import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@updraft/contracts/free-port";
import { startTrackerProcess } from "@updraft/tests/tracker-process";
import type { PostgresUnderTest } from "@updraft/tracker/postgres-under-test";
import { fillRuns, fillSqlite, type RunNumbers } from "@updraft/tests/fill-runs";

/** A tracker that answers. */
export interface RunningTracker {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A kind of tracker that is compared. */
export interface TrackerKind {
  readonly name: string;
  /** Starts one on what is in its folder, and waits until `/health` answers. */
  start(): Promise<RunningTracker>;
  /** Adds runs to the database while no tracker runs; one has made the tables before. */
  addRuns(runs: RunNumbers): Promise<void>;
}

/** Ours, with its defaults. */
export function updraftOnSqlite(folder: string): TrackerKind {
  return {
    name: "updraft",
    async start() {
      const tracker = await startTrackerProcess({ folder });
      await answering(tracker.url, () => tracker.alive);
      return tracker;
    },
    addRuns: async (runs) => fillSqlite(join(folder, "tracker.db"), "updraft in SQLite", runs),
  };
}

/**
 * Ours on Postgres.
 * @param database address of one that is empty
 */
export function updraftOnPostgres(
  postgres: PostgresUnderTest,
  database: string,
  folder: string,
): TrackerKind {
  return {
    name: "updraft, Postgres",
    async start() {
      const tracker = await startTrackerProcess({ folder, database });
      await answering(tracker.url, () => tracker.alive);
      return tracker;
    },
    addRuns: (runs) =>
      // Postgres does it by itself, a minute later.
      postgres.execute(database, [...fillRuns("updraft in Postgres", runs), "analyze"].join(";\n")),
  };
}

/**
 * MLflow's own server as `mlflow server` starts it, on SQLite like ours.
 * @param programs folder of the program `mlflow`
 */
export function mlflowServer(programs: string, folder: string): TrackerKind {
  const database = join(folder, "mlflow.db");
  return {
    name: "mlflow",
    start: () => startMlflow(programs, folder, database),
    async addRuns(runs) {
      fillSqlite(database, "mlflow in SQLite", runs);
      // In its favour: MLflow never does this, and then a search that sorts 100,000 runs by a
      // metric takes minutes, because SQLite does not know how many there are.
      const file = new DatabaseSync(database);
      file.exec("analyze");
      file.close();
    },
  };
}

async function startMlflow(
  programs: string,
  folder: string,
  database: string,
): Promise<RunningTracker> {
  const port = await freePort();
  const flags = ["--host", "127.0.0.1", "--port", String(port)];
  const stores = ["--backend-store-uri", `sqlite:///${database}`];
  const destination = ["--artifacts-destination", join(folder, "artifacts")];
  const child = spawn(join(programs, "mlflow"), ["server", ...flags, ...stores, ...destination], {
    cwd: folder,
    // It would wait for an answer from the internet.
    env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true" },
    stdio: "ignore",
    // In a group of its own, so that its workers can be ended with it.
    detached: true,
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(url, () => child.exitCode === null);
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      const ended = once(child, "exit");
      process.kill(-(child.pid ?? 0), "SIGKILL");
      await ended;
    },
  };
}

async function answering(url: string, alive: () => boolean): Promise<void> {
  const deadline = Date.now() + 240_000;
  while (Date.now() < deadline && alive()) {
    const healthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await sleep(5);
  }
  throw new Error(`nothing answers at ${url}`);
}
