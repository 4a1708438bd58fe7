import { describe, expect, it } from "vitest";
import { kindsOfDatabase } from "./databases-under-load.ts";
import { runsWith } from "./fill-runs.ts";
import { loadFixture } from "./load-fixture.ts";
import { memoryOf, peakMemoryMiB } from "./process-memory.ts";
import type { RetryingClient } from "./retrying-client.ts";

const count = 100_000;

/** What a tracker may have in memory when it has nothing to do, in MiB. */
const mostMemoryMiB = 150;

const load = loadFixture();

interface FoundRun {
  readonly info: { readonly run_id: string; readonly run_name: string };
}

interface Search {
  readonly filter?: string;
  readonly order_by?: readonly string[];
  readonly max_results: number;
  readonly page_token?: string;
}

async function search(
  connection: RetryingClient,
  fields: Search,
): Promise<{ readonly runs: readonly FoundRun[]; readonly nextPage: string | undefined }> {
  const answer = await connection.post("/runs/search", { experiment_ids: ["0"], ...fields });
  const { runs = [], next_page_token } = answer as {
    runs?: FoundRun[];
    next_page_token?: string;
  };
  return { runs, nextPage: next_page_token };
}

async function namesFound(connection: RetryingClient, fields: Search): Promise<string[]> {
  return (await search(connection, fields)).runs.map(({ info }) => info.run_name);
}

/** Ids of all runs of a search, page by page, with something done between the pages. */
async function idsOnAllPages(
  connection: RetryingClient,
  fields: Search,
  between: () => Promise<unknown>,
): Promise<string[]> {
  const ids: string[] = [];
  let page: string | undefined;
  do {
    const { runs, nextPage } = await search(connection, {
      ...fields,
      ...(page !== undefined && { page_token: page }),
    });
    ids.push(...runs.map(({ info }) => info.run_id));
    page = nextPage;
    await between();
  } while (page !== undefined);
  return ids;
}

describe.each(kindsOfDatabase)("a tracker with 100,000 runs on $name", (kind) => {
  it("starts, searches, sorts and pages through all of them within 150 MB", async () => {
    const database = await load.openDatabase(kind);
    await (await load.startTracker({ database: database.address })).stop();
    await database.addRuns({ from: 0, to: count });
    const began = performance.now();
    const tracker = await load.startTracker({ database: database.address });
    const startMs = Math.round(performance.now() - began);
    const idleMiB = memoryOf(tracker.pid).residentMiB;
    const connection = load.connect(tracker.url);

    const numbers = Array.from({ length: count }, (_, number) => number);
    const best = runsWith(numbers, () => true);
    expect(
      await namesFound(connection, { order_by: ["metrics.accuracy DESC"], max_results: 100 }),
    ).toEqual(best.slice(0, 100));

    const filter = "metrics.f1 > 0.5 and params.optimizer = 'adam' and tags.team = 'vision'";
    const few = runsWith(
      numbers,
      (run) => run.f1 > 0.5 && run.optimizer === "adam" && run.team === "vision",
    );
    expect(
      await namesFound(connection, {
        filter,
        order_by: ["metrics.accuracy DESC"],
        max_results: 500,
      }),
    ).toEqual(few.slice(0, 500));

    // Runs that come while somebody pages are new: before the first page in the default order.
    let added = 0;
    const addRun = () => {
      added += 1;
      return connection.post("/runs/create", { start_time: Date.now(), run_name: "added" });
    };
    const ids = await idsOnAllPages(connection, { max_results: 1000 }, addRun);
    expect(idleMiB).toBeLessThan(mostMemoryMiB);
    expect(ids).toHaveLength(count);
    expect(new Set(ids).size).toBe(count);
    expect(added).toBe(100);

    // What the searches have taken goes back once nobody asks any more.
    const memory = () => memoryOf(tracker.pid).residentMiB;
    await expect.poll(memory, { timeout: 20_000 }).toBeLessThan(mostMemoryMiB);
    process.stdout.write(
      `100,000 runs on ${kind.name}: starts in ${startMs} ms, has ${Math.round(idleMiB)} MiB then, at most ${Math.round(peakMemoryMiB(tracker.pid))}, ${Math.round(memory())} in the end\n`,
    );
  });

  it("shows each run once on the pages of a search by metric, while others are logged", async () => {
    const database = await load.openDatabase(kind);
    await (await load.startTracker({ database: database.address })).stop();
    await database.addRuns({ from: 0, to: 10_000 });
    const tracker = await load.startTracker({ database: database.address });
    const connection = load.connect(tracker.url);

    const logged: string[] = [];
    const addRuns = async () => {
      for (const value of [0.05, 0.5, 0.95]) {
        const { run } = await connection.post("/runs/create", { start_time: 1 });
        const { run_id } = (run as FoundRun).info;
        const metric = { run_id, key: "accuracy", value, timestamp: 1, step: 0 };
        await connection.post("/runs/log-metric", metric);
        logged.push(run_id);
      }
    };
    const ids = await idsOnAllPages(
      connection,
      { order_by: ["metrics.accuracy DESC"], max_results: 1000 },
      addRuns,
    );

    const there = new Set(logged);
    const old = ids.filter((id) => !there.has(id));
    expect(old).toHaveLength(10_000);
    expect(new Set(ids).size).toBe(ids.length);
    // Those that came ahead of the page that was read last are on a page too.
    expect(ids.length).toBeGreaterThan(10_000);
  });
});
