import { expect, it } from "vitest";
import { eachOf } from "./each-of.ts";

/** Work of which it is counted how much is under way. */
function counted(failing?: number) {
  const seen = { most: 0, done: [] as number[] };
  let running = 0;
  const work = async (item: number) => {
    running += 1;
    seen.most = Math.max(seen.most, running);
    await Promise.resolve();
    running -= 1;
    if (item === failing) throw new Error(`${item} failed`);
    seen.done.push(item);
  };
  return { seen, work };
}

it("does everything, some of it at the same time", async () => {
  const { seen, work } = counted();
  await eachOf([1, 2, 3, 4, 5, 6, 7], 3, work);

  expect(seen.most).toBe(3);
  expect(seen.done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  await eachOf([], 3, work);
});

it("begins nothing after a failure, and tells of it when the rest has ended", async () => {
  const { seen, work } = counted(2);

  await expect(eachOf([1, 2, 3, 4, 5, 6, 7], 2, work)).rejects.toThrow("2 failed");
  expect(seen.done.filter((item) => item > 3)).toEqual([]);
});
