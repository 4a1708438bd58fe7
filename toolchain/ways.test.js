import { describe, expect, it } from "vitest";
import { CommandError, Unavailable } from "./errors.js";
import { firstWay } from "./ways.js";

const gone = (/** @type {string} */ reason) => async () => {
  throw new Unavailable(reason);
};

describe("firstWay", () => {
  it("takes the first way that works", async () => {
    const ways = [
      { name: "one", run: gone("no") },
      { name: "two", run: async () => 2 },
      { name: "three", run: async () => 3 },
    ];
    expect(await firstWay("A thing", ways, "Do something.")).toBe(2);
  });

  it("names every way with its reason, and what to do", async () => {
    const ways = [
      { name: "the official archive", run: gone("its host is not found (ENOTFOUND)") },
      { name: "a build with Go", run: gone("go is not on PATH; install Go") },
    ];
    await expect(firstWay("Pulumi", ways, "Install Pulumi.")).rejects.toEqual(
      new CommandError(
        [
          "Pulumi cannot be set up. Tried:",
          "  - the official archive: its host is not found (ENOTFOUND)",
          "  - a build with Go: go is not on PATH; install Go",
          "Install Pulumi.",
        ].join("\n"),
      ),
    );
  });

  it("does not take a fault of its own for a way that is closed", async () => {
    const ways = [
      {
        name: "one",
        run: async () => {
          throw new TypeError("x is not a function");
        },
      },
      { name: "two", run: async () => 2 },
    ];
    await expect(firstWay("A thing", ways, "")).rejects.toThrow(TypeError);
  });
});
