import { describe, expect, it } from "vitest";
import { takingTurns } from "./taking-turns.ts";

describe("takingTurns", () => {
  it("runs one task after another, also after one that failed", async () => {
    const inTurn = takingTurns(8);
    const events: string[] = [];
    const task = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} ends`);
      if (name === "a") throw new Error("a fails");
      return name;
    };
    const [a, b] = await Promise.allSettled([inTurn(task("a")), inTurn(task("b"))]);
    expect(events).toEqual(["a begins", "a ends", "b begins", "b ends"]);
    expect(a).toMatchObject({ status: "rejected", reason: { message: "a fails" } });
    expect(b).toEqual({ status: "fulfilled", value: "b" });
  });

  it("refuses with 503 what would wait behind too many, and takes more once they are done", async () => {
    const inTurn = takingTurns(1);
    const both = [inTurn(async () => 1), inTurn(async () => 2)];
    await expect(inTurn(async () => 3)).rejects.toMatchObject({
      status: 503,
      message: "1 images are waiting, as many as may; try again in a second",
    });
    expect(await Promise.all(both)).toEqual([1, 2]);
    expect(await inTurn(async () => 4)).toBe(4);
  });
});
