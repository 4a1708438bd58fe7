import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { DatabaseUnderLoad, KindOfDatabase } from "./databases-under-load.ts";
import { RetryingClient } from "./retrying-client.ts";
import {
  startTrackerProcess,
  type TrackerProcess,
  type TrackerProcessOptions,
} from "./tracker-process.ts";

/** What a test starts; all of it ends with the test, whatever its outcome. */
export interface LoadFixture {
  /** A folder of the test's own. */
  readonly folder: string;
  openDatabase(kind: KindOfDatabase): Promise<DatabaseUnderLoad>;
  startTracker(options?: Partial<TrackerProcessOptions>): Promise<TrackerProcess>;
  connect(url: string, options?: { readonly retries?: number }): RetryingClient;
  /** Does something when the test is over, before what was started earlier ends. */
  atEnd(end: () => Promise<void>): void;
}

/** Gives each test of a file or group its own. */
export function loadFixture(): LoadFixture {
  let folder = "";
  let ends: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "load-"));
    ends = [() => rm(folder, { recursive: true, force: true })];
  });
  afterEach(async () => {
    for (const end of ends.toReversed()) await end();
  });
  return {
    get folder() {
      return folder;
    },
    async openDatabase(kind) {
      const database = await kind.open(folder);
      ends.push(() => database.discard());
      return database;
    },
    async startTracker(options = {}) {
      const starting = startTrackerProcess({ folder, ...options });
      // Also one that has not started yet when the test is over.
      ends.push(() => starting.then(kill, () => {}));
      return starting;
    },
    connect(url, options) {
      const connection = new RetryingClient(url, options);
      ends.push(() => connection.close());
      return connection;
    },
    atEnd: (end) => void ends.push(end),
  };
}

function kill(tracker: TrackerProcess): Promise<void> {
  return tracker.stop("SIGKILL");
}
