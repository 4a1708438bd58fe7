import { describe, expect, it } from "vitest";
import { recordedPreview } from "./fixtures/recorded.ts";
import { errorsOf, makesAnew, nameOf, parsePreview, warningsOf } from "./read-preview.ts";

describe("parsePreview", () => {
  it("reads the steps of a preview with what is before and after", () => {
    const { steps } = recordedPreview("changed");
    const run = steps.find(({ urn }) => nameOf(urn) === "training-run");
    expect(run?.op).toBe("replace");
    expect(run?.oldState?.inputs["triggers"]).toMatchObject({ hyperparameters: { epochs: 1 } });
    expect(run?.newState?.inputs["triggers"]).toMatchObject({ hyperparameters: { epochs: 2 } });
  });

  it("is nothing where the CLI complains instead", () => {
    expect(parsePreview("error: no stack named 'dev' found")).toBeUndefined();
    expect(parsePreview("")).toBeUndefined();
    expect(parsePreview('{"steps": [{"op": 1}]}')).toBeUndefined();
  });
});

describe("errorsOf", () => {
  it("is what the program says, without the engine's word for it", () => {
    expect(errorsOf(recordedPreview("bad"))).toEqual([
      "the configuration has a problem:\n  - updraft:inferenc is not a key of the configuration; known here: target, model, gate, promotion, protect, ephemeral, inference, tracker, trackerToken, trackerUsername, trackerPassword, store",
    ]);
  });

  it("is empty where all is well, and says nothing twice", () => {
    expect(errorsOf(recordedPreview("changed"))).toEqual([]);
    const said = { message: "error: no\n", severity: "error" };
    expect(errorsOf({ steps: [], diagnostics: [said, said] })).toEqual(["no"]);
  });
});

describe("warningsOf", () => {
  it("leaves out colours and what is no warning", () => {
    const diagnostics = [
      { message: "<{%fg 3%}>warning: <{%reset%}>old\n", severity: "warning" },
      { message: "will run again\n", severity: "info" },
    ];
    expect(warningsOf({ steps: [], diagnostics })).toEqual(["old"]);
  });
});

describe("makesAnew", () => {
  it.each([
    ["create", true],
    ["replace", true],
    ["create-replacement", true],
    ["same", false],
    ["update", false],
    ["delete", false],
  ])("says of %s: %s", (op, expected) => {
    expect(makesAnew({ op, urn: "urn" })).toBe(expected);
  });
});
