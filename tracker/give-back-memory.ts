import type { Server } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How long nobody must have asked for anything, in milliseconds. */
const quietMs = 1000;

/** How much a process must have grown for it to be worth its while, in bytes. */
const worthwhile = 16 * 1024 * 1024;

/**
 * Gives memory back to the machine when a busy time is over. Node keeps what it once had for
 * garbage: after large searches or batches that is 100 MB and more, of which nothing is needed.
 * Collecting it takes some tens of milliseconds, so it waits for a moment when nobody asks.
 */
export function giveBackMemory(server: Server): void {
  let open = 0;
  let lowest = process.memoryUsage.rss();
  const timer = setTimeout(() => {
    if (open > 0) return;
    if (process.memoryUsage.rss() - lowest > worthwhile) collectGarbage();
    lowest = Math.min(lowest, process.memoryUsage.rss());
  }, quietMs).unref();
  server.on("request", (_request, response) => {
    open += 1;
    response.once("close", () => {
      open -= 1;
      timer.refresh();
    });
  });
}

/** What V8 does before it runs out of memory, pages handed back included. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: object) => void;
  collect({ type: "major", flavor: "last-resort" });
}
