import { describe, expect, it } from "vitest";
import { createProgress, megabytes } from "./progress.js";

/** @param {{ isTTY?: boolean, quiet?: boolean }} options */
function record({ isTTY = false, quiet = false }) {
  let text = "";
  let time = 0;
  const output = { isTTY, columns: 60, write: (/** @type {string} */ part) => (text += part) };
  const progress = createProgress(output, { quiet, now: () => time });
  return { progress, pass: (/** @type {number} */ ms) => (time += ms), written: () => text };
}

describe("createProgress", () => {
  it("ends each step with its name, what is there and how long it took", () => {
    const { progress, pass, written } = record({});
    const step = progress.step("Node");
    pass(1234);
    step.done("24.21.0, on PATH");
    expect(written()).toBe(
      "  ✓ Node             24.21.0, on PATH                                              1.2 s\n",
    );
  });

  it("tells what goes on line by line where there is no terminal, and not too often", () => {
    const { progress, pass, written } = record({});
    const step = progress.step("Pulumi");
    step.update("building: 1 package");
    pass(5000);
    step.update("building: 2 packages");
    pass(5000);
    step.update("building: 3 packages");
    expect(written().split("\n")).toEqual([
      "  . Pulumi           building: 1 package (0.0 s)",
      "  . Pulumi           building: 3 packages (10.0 s)",
      "",
    ]);
  });

  it("writes one line of a terminal over, for all steps under way", () => {
    const { progress, written } = record({ isTTY: true });
    const pulumi = progress.step("Pulumi");
    const tensorFlow = progress.step("libtensorflow");
    pulumi.update("building");
    tensorFlow.update("downloading 3 of 207 MB");
    expect(written().split("\r\x1b[K")).toEqual([
      "",
      "  Pulumi: building",
      "  Pulumi: building | libtensorflow: downloading",
    ]);
  });

  it("says nothing of steps without work when it is to be quiet", () => {
    const { progress, written } = record({ quiet: true });
    progress.step("Node").done("24.21.0");
    const step = progress.step("npm packages");
    step.update("installing");
    step.done("500 packages");
    expect(written()).not.toContain("Node");
    expect(written()).toContain("✓ npm packages     500 packages");
  });
});

describe("megabytes", () => {
  it("names the whole where it is known", () => {
    expect(megabytes(1_500_000, 207_208_420)).toBe("2 of 207 MB");
    expect(megabytes(1_400_000, undefined)).toBe("1 MB");
  });
});
