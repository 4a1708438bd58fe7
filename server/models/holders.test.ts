import { expect, it } from "vitest";
import { Holders } from "./holders.ts";

it("waits for everybody, and counts nobody twice", async () => {
  const holders = new Holders();
  await holders.none();
  const [first, second] = [holders.hold(), holders.hold()];
  let isFree = false;
  const free = holders.none().then(() => (isFree = true));
  first();
  first();
  await new Promise((resolve) => setImmediate(resolve));
  expect(isFree).toBe(false);
  second();
  await free;
  expect(isFree).toBe(true);
});
