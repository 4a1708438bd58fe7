import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Outbox, type LogBatch } from "./outbox.ts";

const metric = (step: number) => ({ key: "loss", value: step, timestamp: 0, step });
const metrics = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => metric(from + index));

/** An outbox whose tracker refuses the first so many calls, and what the tracker has got. */
function setUp({ failures = 0, temporary = true } = {}) {
  const received: LogBatch[] = [];
  let left = failures;
  const outbox = new Outbox({
    async send(batch) {
      await sleep(1);
      left -= 1;
      if (left >= 0) throw new Error("away");
      received.push(batch);
    },
    isTemporary: () => temporary,
  });
  return { outbox, received };
}

const stepsOf = (received: readonly LogBatch[]) =>
  received.flatMap((batch) => batch.metrics.map(({ step }) => step));

describe("Outbox", () => {
  it("sends what is added, in order, and together what came while it was sending", async () => {
    const { outbox, received } = setUp();
    for (let step = 0; step < 5; step += 1) outbox.add({ metrics: [metric(step)] });
    outbox.add({ tags: [{ key: "a", value: "1" }] });
    await outbox.flush();
    expect(received).toEqual([
      { metrics: metrics(0, 1), params: [], tags: [], datasets: [], files: [] },
      {
        metrics: metrics(1, 5),
        params: [],
        tags: [{ key: "a", value: "1" }],
        datasets: [],
        files: [],
      },
    ]);
  });

  it("keeps to the limits of one call", async () => {
    const { outbox, received } = setUp();
    const tags = Array.from({ length: 250 }, (_, index) => ({ key: `t${index}`, value: "" }));
    outbox.add({ metrics: metrics(0, 2300), tags });
    await outbox.flush();
    expect(received.map((batch) => [batch.metrics.length, batch.tags.length])).toEqual([
      [1000, 100],
      [1000, 100],
      [300, 50],
    ]);
    expect(stepsOf(received)).toEqual(metrics(0, 2300).map(({ step }) => step));
  });

  it("keeps everything while the tracker is away, and loses nothing", async () => {
    const { outbox, received } = setUp({ failures: 3 });
    outbox.add({ metrics: metrics(0, 2) });
    await sleep(30);
    outbox.add({ metrics: metrics(2, 4) });
    await outbox.flush();
    expect(stepsOf(received)).toEqual([0, 1, 2, 3]);
  });

  it("gives up at the end if the tracker stays away, and can try again", async () => {
    // The first attempt began before the end and may fail; the one after it is the last.
    const { outbox, received } = setUp({ failures: 2 });
    outbox.add({ metrics: metrics(0, 2) });
    await expect(outbox.flush()).rejects.toThrow("away");
    await outbox.flush();
    expect(stepsOf(received)).toEqual([0, 1]);
  });

  it("tells at the end that the tracker refused something for good", async () => {
    const { outbox } = setUp({ failures: 100, temporary: false });
    outbox.add({ metrics: metrics(0, 2) });
    await expect(outbox.flush()).rejects.toThrow("away");
  });

  it("has nothing to wait for when there is nothing to send", async () => {
    const { outbox, received } = setUp();
    await outbox.flush();
    expect(received).toEqual([]);
  });
});
