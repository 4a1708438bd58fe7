import { setTimeout as sleep } from "node:timers/promises";
import { Router } from "express";
import type { TrackerMetrics } from "../metrics.ts";
import { unavailable } from "../store/sql/database-error.ts";

/** How long the database may take to answer a probe, in milliseconds. */
const patienceMs = 2_000;

/** What probes and scrapers are answered from. */
export interface Probed {
  readonly store: { check(): Promise<void> };
  readonly metrics?: TrackerMetrics | undefined;
  readonly isDraining?: () => boolean;
}

/**
 * `/ready`: whether requests should be sent here, which needs the database; `/metrics`, if there are
 * any. Whether the process lives says `/health`, which needs nothing.
 */
export function probeRouter({ store, metrics, isDraining = () => false }: Probed): Router {
  const router = Router();
  const check = oneAtATime(() => withinPatience(store.check()));
  router.get("/ready", async (_request, response) => {
    // No error, and none for the log: that is how it should be.
    if (isDraining()) return void response.status(503).type("text").send("stopping");
    await check();
    response.type("text").send("OK");
  });
  if (metrics) {
    router.get("/metrics", async (_request, response) => {
      response.set("Content-Type", metrics.contentType).send(await metrics.text());
    });
  }
  return router;
}

/** Many who ask at once are one question to the database. */
function oneAtATime(check: () => Promise<void>): () => Promise<void> {
  let asking: Promise<void> | undefined;
  return () => {
    asking ??= check().finally(() => (asking = undefined));
    return asking;
  };
}

async function withinPatience(check: Promise<void>): Promise<void> {
  const enough = new AbortController();
  const { signal } = enough;
  const tooLate = sleep(patienceMs, undefined, { signal }).then(() => {
    throw unavailable(`The database does not answer within ${patienceMs / 1000} s`, undefined);
  });
  // Whichever comes second is of no interest any more.
  tooLate.catch(() => undefined);
  check.catch(() => undefined);
  try {
    await Promise.race([check, tooLate]);
  } finally {
    enough.abort();
  }
}
