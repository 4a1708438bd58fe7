import { describe, expect, it } from "vitest";
import { onceThere, type WaitOptions } from "./once-there.ts";

class AwayError extends Error {}

function waiting(changes: Partial<WaitOptions> = {}) {
  const told: string[] = [];
  const options: WaitOptions = {
    seconds: 30,
    isAway: (error) => error instanceof AwayError,
    onAway: (error) => void told.push((error as Error).message),
    ...changes,
  };
  return { told, options };
}

/** Fails some times and then has it. */
function thereAfter(failures: number) {
  let attempts = 0;
  return async () => {
    attempts += 1;
    if (attempts <= failures) throw new AwayError(`attempt ${attempts}`);
    return `there after ${attempts}`;
  };
}

describe("onceThere", () => {
  it("returns at once what is there", async () => {
    const { told, options } = waiting();
    expect(await onceThere(thereAfter(0), options)).toBe("there after 1");
    expect(told).toEqual([]);
  });

  it("tries again, and says each time why", async () => {
    const { told, options } = waiting();
    expect(await onceThere(thereAfter(2), options)).toBe("there after 3");
    expect(told).toEqual(["attempt 1", "attempt 2"]);
  });

  it("throws the last error once the time is over", async () => {
    const { told, options } = waiting({ seconds: 0.3 });
    await expect(onceThere(thereAfter(10), options)).rejects.toThrow(/^attempt [23]$/);
    expect(told[0]).toBe("attempt 1");
  });

  it("tries only once if there is no time to wait", async () => {
    const { told, options } = waiting({ seconds: 0 });
    await expect(onceThere(thereAfter(1), options)).rejects.toThrow("attempt 1");
    expect(told).toEqual([]);
  });

  it("throws what waiting does not help against", async () => {
    const { told, options } = waiting();
    const wrong = new Error("the key is wrong");
    await expect(onceThere(() => Promise.reject(wrong), options)).rejects.toBe(wrong);
    expect(told).toEqual([]);
  });

  it("gives up when it is told to", async () => {
    const stop = new AbortController();
    const { options } = waiting({ signal: stop.signal, onAway: () => stop.abort() });
    await expect(onceThere(thereAfter(1), options)).rejects.toMatchObject({ name: "AbortError" });
  });
});
