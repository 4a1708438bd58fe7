import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { pino } from "pino";
import { createApp, type AppOptions } from "./app.ts";
import { databases, type OpenedStore } from "./store/databases-under-test.ts";
import type { TrackerStore } from "./store/tracker-store.ts";

/** What an operation answered. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The app on a free port, with a database and a folder of its own. */
export interface TrackerUnderTest {
  readonly url: string;
  readonly store: TrackerStore;
  /** Folder of the artifacts. */
  readonly artifactFolder: string;
  /** Lines that were logged, as objects. */
  readonly logged: Record<string, unknown>[];
  /** Calls an operation below `/api/2.0/mlflow`, with its fields where MLflow's clients put them. */
  call(method: string, path: string, fields?: Record<string, unknown>): Promise<Answer>;
  /** An experiment's run, to log to. */
  newRun(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the app for a test; by default everybody may do everything, and artifacts are in
 * `artifactFolder`.
 */
export async function startTracker(
  options: Partial<Omit<AppOptions, "store" | "log">> = {},
): Promise<TrackerUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "tracker-"));
  const artifactFolder = join(folder, "artifacts");
  const { store, discard } = await openStore();
  const artifacts = openArtifactStore(pathToFileURL(artifactFolder).href);
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: "info" }, { write: (line) => void logged.push(JSON.parse(line)) });
  const server = createServer(createApp({ store, artifacts, log, ...options }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call: TrackerUnderTest["call"] = (method, path, fields) =>
    callOperation(`${url}/api/2.0/mlflow${path}`, method, fields);
  return {
    url,
    store,
    artifactFolder,
    logged,
    call,
    async newRun() {
      const { body } = await call("POST", "/runs/create", { experiment_id: "0", start_time: 1 });
      return (body.run as { info: { run_id: string } }).info.run_id;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await discard();
      await rm(folder, { recursive: true });
    },
  };
}

/** Over SQLite, or the database that `TRACKER_TEST_DATABASE` names. */
function openStore(): Promise<OpenedStore> {
  const { TRACKER_TEST_DATABASE: name = "SQLite" } = process.env;
  const database = databases.find((each) => each.name === name);
  if (!database) throw new Error(`TRACKER_TEST_DATABASE is ${name}, which is not here`);
  return database.open();
}

async function callOperation(
  url: string,
  method: string,
  fields: Record<string, unknown> = {},
): Promise<Answer> {
  const query = new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((item): [string, string] => [
        name,
        String(item),
      ]),
    ),
  );
  const response =
    method === "GET"
      ? await fetch(`${url}?${query}`)
      : await fetch(url, {
          method,
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(fields),
        });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
