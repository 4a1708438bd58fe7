import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run, RunBatch } from "./runs.ts";
import { openSqlite } from "./sql/open-sqlite.ts";
import { createSqlStore } from "./sql/sql-store.ts";
import type { TrackerStore } from "./tracker-store.ts";

/** A store that is empty, and how to get rid of it. */
export interface OpenedStore {
  readonly store: TrackerStore;
  discard(): Promise<void>;
}

/** The databases that every test of the stores runs over. */
export const databases = [{ name: "SQLite", open: openNewSqlite }];

async function openNewSqlite(): Promise<OpenedStore> {
  const folder = await mkdtemp(join(tmpdir(), "sqlite-store-"));
  const store = createSqlStore(await openSqlite(join(folder, "tracker.db")));
  return {
    store,
    async discard() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A run in the default experiment, for a test to log to. */
export function newRun(
  store: TrackerStore,
  changes: Partial<Parameters<TrackerStore["runs"]["create"]>[0]> = {},
): Promise<Run> {
  return store.runs.create({
    experiment_id: "0",
    run_name: "a run",
    user_id: "me",
    start_time: 1,
    tags: [],
    ...changes,
  });
}

/** A batch of only what a test is about. */
export function batch(some: Partial<RunBatch>): RunBatch {
  return { metrics: [], params: [], tags: [], ...some };
}
