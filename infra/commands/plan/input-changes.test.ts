import { describe, expect, it } from "vitest";
import { inputChanges } from "./input-changes.ts";
import type { ReleaseInputs } from "./release-inputs.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

describe("inputChanges", () => {
  it("names every input that decides a release, in one order", () => {
    const before: ReleaseInputs = {
      code: digest("a"),
      image: `ghcr.io/team/trainer@${digest("b")}`,
      gate: { minAccuracy: 0.98, minF1: 0.9 },
      quality: { drift: { fail: 0.5 }, leakage: { warn: 0 } },
      seed: 1,
      hyperparameters: { epochs: 5, units: 64 },
      datasetFingerprint: digest("c"),
      dataset: "mnist-10k",
      model: "digits",
    };
    const after: ReleaseInputs = {
      code: digest("d"),
      image: `ghcr.io/team/trainer@${digest("e")}`,
      gate: { minAccuracy: 0.985, maxRegression: 0.002 },
      quality: { drift: { fail: 2 }, leakage: { warn: 0 } },
      seed: 2,
      hyperparameters: { epochs: 10, units: 64 },
      datasetFingerprint: digest("f"),
      dataset: "mnist",
      model: "letters",
    };
    expect(inputChanges(before, after).map(({ input, text }) => [input, text])).toEqual([
      ["model", "model `digits` → `letters`"],
      ["dataset", "dataset `mnist-10k` → `mnist`"],
      ["datasetFingerprint", "content of the dataset `cccccccc` → `ffffffff`"],
      ["hyperparameters.epochs", "epochs `5` → `10`"],
      ["seed", "seed `1` → `2`"],
      ["gate.minAccuracy", "rule minAccuracy `0.98` → `0.985`"],
      ["gate.maxRegression", "rule maxRegression `none` → `0.002`"],
      ["gate.minF1", "rule minF1 `0.9` → `none`"],
      ["quality.drift.fail", "check drift.fail `0.5` → `2`"],
      ["image", "trainer's image `trainer@bbbbbbbb` → `trainer@eeeeeeee`"],
      ["code", "code `aaaaaaaa` → `dddddddd`"],
    ]);
  });

  it("names a warm start that is wanted now, or no longer", () => {
    const warm: ReleaseInputs = { warmStart: "champion" };
    expect(inputChanges({}, warm)).toMatchObject([{ text: "warm start `none` → `champion`" }]);
    expect(inputChanges(warm, {})).toMatchObject([{ text: "warm start `champion` → `none`" }]);
  });

  it("says nothing of what is not known of both", () => {
    expect(inputChanges({}, { model: "digits", seed: 1, code: digest("a") })).toEqual([]);
    expect(inputChanges({ seed: 1 }, { seed: 1 })).toEqual([]);
  });

  it("names the release of another stack by its version and its digest", () => {
    const source = (version: string | undefined, digits: string) => ({
      stack: "dev",
      version,
      digest: digest(digits),
      metrics: { accuracy: 0.99 },
    });
    expect(inputChanges({ source: source("3", "3") }, { source: source("4", "4") })).toEqual([
      {
        input: "source",
        before: { stack: "dev", version: "3", digest: digest("3") },
        after: { stack: "dev", version: "4", digest: digest("4") },
        text: "release version 3 of `dev` (`33333333`) → version 4 of `dev` (`44444444`)",
      },
    ]);
    // Trained again, with the same bytes.
    expect(inputChanges({ source: source("3", "3") }, { source: source("4", "3") })).toEqual([]);
    expect(
      inputChanges({ source: source(undefined, "3") }, { source: source("4", "4") })[0]?.text,
    ).toBe("release `33333333` of `dev` → version 4 of `dev` (`44444444`)");
  });

  it("tells a pin, a tracker that keeps packages, and trials, which may come and go", () => {
    const tracker = "http://tracker:5000";
    expect(inputChanges({ pin: "3" }, { pin: "2" })[0]?.text).toBe("pin `3` → `2`");
    expect(inputChanges({}, { tracker })[0]?.text).toBe(
      "tracker that keeps the packages `none` → `http://tracker:5000`",
    );
    expect(inputChanges({ trials: [1, 2] }, { trials: [1, 2, 3] })[0]?.text).toBe(
      "trials of the sweep `2` → `3`",
    );
    expect(inputChanges({ trials: [1, 2] }, { trials: [1, 3] })[0]?.text).toBe(
      "other trials in the sweep",
    );
  });
});
