import { describe, expect, it } from "vitest";
import { trainingSteps } from "./fixtures/cluster-steps.ts";
import { recordedPreview } from "./fixtures/recorded.ts";
import { isReleaseRun, releaseSteps } from "./release-steps.ts";

const run = { name: "training-1", image: "r/t@sha256:1", epochs: 1, minAccuracy: 0.9 };

describe("releaseSteps", () => {
  it("tells a run from a model that stays", () => {
    expect(releaseSteps(recordedPreview("first"))).toMatchObject({
      planned: { mode: "training" },
      previous: undefined,
      runs: true,
      retrain: "always",
    });
    expect(releaseSteps(recordedPreview("on-change"))).toMatchObject({
      planned: { mode: "training" },
      previous: { mode: "training" },
      runs: false,
      retrain: "on-change",
    });
  });

  it("finds the way that another one takes the place of", () => {
    expect(releaseSteps(recordedPreview("pin"))).toMatchObject({
      planned: { mode: "rollback", inputs: { pin: "1", reason: "the second misreads sevens" } },
      previous: { mode: "training", inputs: { hyperparameters: { epochs: 2 } } },
      runs: true,
    });
  });

  it("takes the way whose run is there, where an update that failed has left another", () => {
    const preview = recordedPreview("pin");
    const left = preview.steps
      .filter(({ urn }) => urn.endsWith("::rollback"))
      .map((step) => ({ ...step, op: "same", oldState: step.newState }));
    const steps = [...left, ...preview.steps.filter(({ urn }) => !urn.endsWith("::rollback"))];
    expect(releaseSteps({ ...preview, steps })).toMatchObject({
      planned: { mode: "rollback" },
      previous: { mode: "training" },
    });
  });

  it("sees that a Job of another name runs, and one of the same name does not", () => {
    const next = { ...run, name: "training-2", epochs: 2 };
    const steps = releaseSteps({ steps: trainingSteps(run, next), diagnostics: [] });
    expect(steps).toMatchObject({
      planned: { inputs: { hyperparameters: { epochs: 2 } } },
      previous: { inputs: { hyperparameters: { epochs: 1 } } },
      runs: true,
      hadErrors: false,
      otherChanges: [],
    });
    expect(releaseSteps({ steps: trainingSteps(run, run), diagnostics: [] }).runs).toBe(false);
  });

  it("names what else of a Job is another, for which it runs too", () => {
    const next = { ...run, name: "training-2", activeDeadlineSeconds: 7200 };
    const { otherChanges } = releaseSteps({ steps: trainingSteps(run, next), diagnostics: [] });
    expect(otherChanges).toEqual(["activeDeadlineSeconds 3600 → 7200"]);
  });

  it("knows a Job that did not end well", () => {
    const steps = trainingSteps(run, { ...run, name: "training-2" }).map((step) =>
      isReleaseRun(step) && step.oldState
        ? { ...step, oldState: { ...step.oldState, initErrors: ["Job failed"] } }
        : step,
    );
    expect(releaseSteps({ steps, diagnostics: [] }).hadErrors).toBe(true);
  });

  it("knows nothing where the program did not get so far", () => {
    expect(releaseSteps(recordedPreview("bad"))).toMatchObject({
      planned: undefined,
      previous: undefined,
      runs: false,
    });
  });
});
