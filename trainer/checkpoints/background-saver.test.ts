import { ArtifactStoreError } from "@updraft/contracts/artifact-store";
import { describe, expect, it } from "vitest";
import { createBackgroundSaver } from "./background-saver.ts";

/** A saver of numbers whose store answers when it is told to. */
function setUp() {
  const saved: number[] = [];
  const missed: unknown[] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const saver = createBackgroundSaver(
    async (value: number) => {
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      await answer.promise;
      saved.push(value);
    },
    (error) => missed.push(error),
  );
  return { saver, saved, missed, answers };
}

describe("a background saver", () => {
  it("lets go on whoever gives it something, and saves the latest of what it got", async () => {
    const { saver, saved, answers } = setUp();
    for (const value of [1, 2, 3]) saver.offer(value);
    expect(saved).toEqual([]);
    answers[0]?.resolve();
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.resolve();
    await saver.settle();
    expect(saved).toEqual([1, 3]);
    await saver.settle();
  });

  it("tries again with the next one when the store was away, or failed", async () => {
    const { saver, saved, missed, answers } = setUp();
    const away = new Error("no", { cause: new ArtifactStoreError("unreachable", "away") });
    saver.offer(1);
    answers[0]?.reject(away);
    await saver.settle();
    const failed = new ArtifactStoreError("failed", "InternalError");
    saver.offer(2);
    answers[1]?.reject(failed);
    await saver.settle();
    saver.offer(3);
    answers[2]?.resolve();
    await saver.settle();
    expect(saved).toEqual([3]);
    expect(missed).toEqual([away, failed]);
  });

  it("ends the work at the next one when the store is full", async () => {
    const { saver, missed, answers } = setUp();
    saver.offer(1);
    answers[0]?.reject(new ArtifactStoreError("full", "there is no space left"));
    await saver.settle();
    expect(() => saver.offer(2)).toThrow("there is no space left");
    expect(missed).toEqual([]);
  });
});
