import { describe, expect, it } from "vitest";
import { changesBetween, describeChange, unknownValue, unwrapSecrets } from "./property-values.ts";

describe("unwrapSecrets", () => {
  it("finds secrets at any depth", () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: { token: "t" },
    };
    expect(unwrapSecrets({ env: { a: secret, list: [secret] }, port: 1 })).toEqual({
      env: { a: { token: "t" }, list: [{ token: "t" }] },
      port: 1,
    });
  });
});

describe("changesBetween", () => {
  it("finds nothing between equal values", () => {
    expect(changesBetween({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([]);
  });

  it("names each member that was changed, added or taken away", () => {
    expect(
      changesBetween(
        { hyperparameters: { epochs: 5, seed: 1 }, dataset: "mnist" },
        { hyperparameters: { epochs: 10, rate: 0.1 }, dataset: "mnist" },
      ),
    ).toEqual([
      { path: "hyperparameters.epochs", before: 5, after: 10 },
      { path: "hyperparameters.rate", before: undefined, after: 0.1 },
      { path: "hyperparameters.seed", before: 1, after: undefined },
    ]);
  });
});

describe("describeChange", () => {
  it("shortens digests and says what is not known or not there", () => {
    const digest = `sha256:${"a1b2c3d4".repeat(8)}`;
    expect(describeChange({ path: "code", before: digest, after: unknownValue })).toBe(
      "code a1b2c3d4 → (not known yet)",
    );
    expect(describeChange({ path: "gate.minF1", before: undefined, after: 0.9 })).toBe(
      "gate.minF1 (none) → 0.9",
    );
  });
});
