import { describe, expect, it } from "vitest";
import { Outcome, Release } from "./release.ts";

const digest = `sha256:${"a".repeat(64)}`;
const release = {
  model: "digits",
  version: "3",
  digest,
  uri: "file:///store/models/digits/aaaa",
  runId: "run",
  datasetDigest: digest,
  metrics: { accuracy: 0.99 },
  gate: { verdict: "passed", rules: [] },
};

describe("Release", () => {
  it("takes a whole release", () => {
    expect(Release.parse(release)).toEqual(release);
  });

  it.each([
    { version: "0" },
    { version: "v3" },
    { digest: "aaaa" },
    { uri: "store/models" },
    { metrics: { accuracy: Number.NaN } },
    { gate: { verdict: "maybe", rules: [] } },
    { approved: true },
  ])("refuses %j", (wrong) => {
    expect(Release.safeParse({ ...release, ...wrong }).success).toBe(false);
  });
});

describe("Outcome", () => {
  it("is a release or a failure, by its status", () => {
    const failure = { exitCode: 4, message: "the gate failed" };
    expect(Outcome.safeParse({ status: "released", release }).success).toBe(true);
    expect(Outcome.safeParse({ status: "failed", failure }).success).toBe(true);
    expect(Outcome.safeParse({ status: "released", failure }).success).toBe(false);
  });

  it("has no failure with exit code 0", () => {
    const failure = { exitCode: 0, message: "all is well" };
    expect(Outcome.safeParse({ status: "failed", failure }).success).toBe(false);
  });
});
