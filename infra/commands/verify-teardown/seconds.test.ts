import { expect, it } from "vitest";
import { secondsIn } from "./seconds.ts";

it("reads seconds and minutes, and nothing else", () => {
  const texts = ["0s", "60s", "2m", "1h", "60", "-1s", ""];
  expect(texts.map(secondsIn)).toEqual([0, 60, 120, undefined, undefined, undefined, undefined]);
});
