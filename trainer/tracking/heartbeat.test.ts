import { expect, it } from "vitest";
import { startHeartbeat } from "./heartbeat.ts";

it("goes on when beats fail, and ends when it is stopped", async () => {
  let beats = 0;
  const heartbeat = startHeartbeat(async () => {
    beats += 1;
    throw new Error("the tracker is away");
  }, 5);
  await expect.poll(() => beats).toBeGreaterThan(2);
  heartbeat.stop();
  const stoppedAt = beats;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(beats).toBe(stoppedAt);
});

it("waits for a slow beat before the next one, and cuts it off when it is stopped", async () => {
  let beats = 0;
  const cut = Promise.withResolvers<void>();
  const heartbeat = startHeartbeat((signal) => {
    beats += 1;
    signal.addEventListener("abort", () => cut.resolve());
    return cut.promise;
  }, 5);
  await expect.poll(() => beats).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(beats).toBe(1);
  heartbeat.stop();
  await cut.promise;
});
