import { describe, expect, it } from "vitest";
import { waitFor } from "./wait-for.ts";

describe("waitFor", () => {
  it("asks until there is an answer", async () => {
    const answers = [undefined, false, "there"] as const;
    let asked = 0;
    const answer = await waitFor({ what: "it", seconds: 30 }, async () => answers[asked++]);
    expect(answer).toBe("there");
    expect(asked).toBe(3);
  });

  it("says after the time what was wrong last", async () => {
    const refused = Promise.reject(new Error("connect ECONNREFUSED"));
    await expect(waitFor({ what: "the apiserver", seconds: 0 }, () => refused)).rejects.toThrow(
      "Waited for the apiserver, but it is not there after 0 s: connect ECONNREFUSED",
    );
  });

  it("does not wait for a process that has ended", async () => {
    const wait = { what: "it", seconds: 3600, daemon: "never-started" };
    await expect(waitFor(wait, async () => false)).rejects.toThrow(
      "Waited for it, but never-started has ended\nThe end of ",
    );
  });
});
