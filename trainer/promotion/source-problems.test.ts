import { digestOf } from "@updraft/contracts/digest";
import type { Signature } from "@updraft/contracts/signature";
import { model } from "@updraft/models/digits";
import { describe, expect, it } from "vitest";
import { ageProblem, packageProblem, sourceProblems } from "./source-problems.ts";

const digest = digestOf("package");
const release = {
  model: "digits",
  version: "3",
  digest,
  uri: "file:///dev/models/digits/aaaa",
  runId: "run",
  datasetDigest: digest,
  metrics: {},
  gate: { verdict: "passed" as const, rules: [] },
  releasedAt: "2026-03-01T10:00:00Z",
};
const source = { stack: "dev", release };

describe("sourceProblems", () => {
  it("has none for a release of the same model that passed", () => {
    expect(sourceProblems(source, "digits")).toEqual([]);
  });

  it("names each reason why a release may not be taken over", () => {
    const gate = { verdict: "failed" as const, rules: [] };
    expect(sourceProblems({ stack: "dev", release: { ...release, gate } }, "letters")).toEqual([
      "TRAINER_SOURCE: dev releases digits, and letters is asked for (TRAINER_MODEL); name a stack of the same model",
      `TRAINER_SOURCE: the gate of dev did not let ${digest} pass; release a package there that passes first`,
    ]);
  });
});

describe("packageProblem", () => {
  const card = {
    model: "digits",
    createdAt: "2026-03-01T10:00:00Z",
    metrics: {},
    gate: release.gate,
    lineage: {
      runId: "run",
      datasetDigest: digest,
      codeDigest: digest,
      hyperparameters: {},
      seed: 1,
    },
    baseline: {},
  };
  const signature: Signature = {
    inputs: [model.input],
    outputs: [model.output],
    example: { inputs: {}, outputs: {} },
  };

  it("has none for what the model takes and gives", () => {
    expect(packageProblem({ card, signature }, model)).toBeUndefined();
  });

  it("does not take another model, nor one that its gate turned down", () => {
    expect(packageProblem({ card: { ...card, model: "letters" }, signature }, model)).toBe(
      "its card says that it is letters, not digits",
    );
    const gate = { verdict: "failed" as const, rules: [] };
    expect(packageProblem({ card: { ...card, gate }, signature }, model)).toBe(
      "its card says that its gate did not let it pass",
    );
  });

  it("does not take what is called the same and answers otherwise", () => {
    const other = { ...model.output, shape: [-1, 2], labels: ["even", "odd"] };
    expect(packageProblem({ card, signature: { ...signature, outputs: [other] } }, model)).toBe(
      "it goes from image FP32 [-1, 28, 28, 1] to probabilities FP32 [-1, 2] of even, odd, and digits goes from image FP32 [-1, 28, 28, 1] to probabilities FP32 [-1, 10] of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 in this checkout; check out the code that it was trained with",
    );
  });
});

describe("ageProblem", () => {
  const later = "2026-03-01T12:30:00+01:00";
  const champion = {
    version: "7",
    digest: digestOf("other"),
    stack: "dev",
    releasedAt: later,
  };

  it("refuses what the same stack released before what serves", () => {
    expect(ageProblem(source, champion)).toBe(
      `it is older than what serves here: dev released it at 2026-03-01T10:00:00Z, and version 7 of this stack at ${later}; release again in dev, or roll back here to the version that it was`,
    );
  });

  it.each([
    ["nothing serves", undefined],
    ["the same package serves", { ...champion, digest }],
    ["what serves was released at the same time", { ...champion, releasedAt: release.releasedAt }],
    ["it was released before", { ...champion, releasedAt: "2026-03-01T10:30:00+01:00" }],
    ["it comes from another stack", { ...champion, stack: "staging" }],
    ["it was trained here", { ...champion, stack: undefined, releasedAt: undefined }],
    ["nobody knows when it was released", { ...champion, releasedAt: undefined }],
  ])("takes it when %s", (_, serving) => {
    expect(ageProblem(source, serving)).toBeUndefined();
  });

  it("takes a release of which nobody knows when it was made", () => {
    const { releasedAt: _unknown, ...undated } = release;
    expect(ageProblem({ stack: "dev", release: undated }, champion)).toBeUndefined();
  });
});
