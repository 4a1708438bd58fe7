import { expect, it } from "vitest";
import { releaseOf } from "./release-outcome.ts";
import { release } from "./run-fixture.ts";

const read = (outcome: unknown) =>
  releaseOf("updraft-dev/training-a-release", { "outcome.json": JSON.stringify(outcome) });

it("is what the trainer has written", () => {
  expect(read({ status: "released", release })).toEqual(release);
});

it("says where nothing was written, and what to do", () => {
  expect(() => releaseOf("updraft-dev/training-a-release", {})).toThrow(
    "ConfigMap updraft-dev/training-a-release has no outcome.json, which the trainer writes; delete its Job, and the next update runs it again",
  );
});

it("says what is wrong with what was written", () => {
  expect(() => read({ status: "released", release: { ...release, version: 4 } })).toThrow(
    /^ConfigMap updraft-dev\/training-a-release, outcome\.json is no outcome of the trainer \(release\.version: .*\); is the trainer's image of another version\?/,
  );
  expect(() => releaseOf("a/b", { "outcome.json": "{" })).toThrow("is no outcome of the trainer");
});

it("passes a failure on", () => {
  const failure = { exitCode: 4, message: "gate failed: accuracy 0.91 < 0.97" };
  expect(() => read({ status: "failed", failure })).toThrow(
    "The trainer has failed: gate failed: accuracy 0.91 < 0.97",
  );
});
