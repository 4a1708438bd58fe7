import { describe, expect, it } from "vitest";
import { trainingSteps } from "./fixtures/cluster-steps.ts";
import { recordedHistory, recordedPreview, recordedState } from "./fixtures/recorded.ts";
import { modelPlan } from "./model-plan.ts";

const first = [recordedState("first"), recordedHistory("first")] as const;

describe("modelPlan", () => {
  it("trains what has never been trained", () => {
    expect(modelPlan(recordedPreview("first"), recordedState("empty"), [])).toMatchObject({
      action: "train",
      summary: "A model is trained.",
      changes: [],
      reasons: ["this stack has released nothing yet"],
      isRepeat: false,
      gate: [{ rule: "minAccuracy", limit: 0.8 }],
      duration: undefined,
      rollout: { outcome: "first" },
    });
  });

  it("trains because of what has changed, and says which rules are new", () => {
    const plan = modelPlan(recordedPreview("changed"), ...first);
    expect(plan?.changes.map(({ text }) => text)).toEqual([
      "epochs `1` → `2`",
      "rule minAccuracy `0.8` → `0.85`",
      "rule maxRegression `none` → `0.002`",
    ]);
    expect(plan).toMatchObject({
      reasons: ["`updraft:model.retrain` is `always`: it would train without a change too"],
      isRepeat: false,
      gate: [
        { rule: "minAccuracy", before: 0.8, isChanged: true, championPasses: true },
        {
          rule: "maxRegression",
          text: "accuracy of at least 0.9520 (the champion's 0.9540 less 0.002)",
        },
      ],
      duration: { seconds: 24, updates: 1 },
      rollout: { outcome: "if-digest-changes" },
    });
  });

  it("trains again without a change where every update does", () => {
    expect(modelPlan(recordedPreview("always"), ...first)).toMatchObject({
      action: "train",
      changes: [],
      reasons: ["`updraft:model.retrain` is `always`"],
      isRepeat: true,
    });
  });

  it("compares with nothing after a first update that failed", () => {
    const state = { ...recordedState("first"), release: undefined };
    expect(modelPlan(recordedPreview("changed"), state, [])).toMatchObject({
      changes: [],
      reasons: ["this stack has released nothing yet"],
      gate: [{ rule: "minAccuracy", isChanged: false, champion: undefined }, { bound: undefined }],
    });
  });

  it("leaves the model as it is where only a change would train", () => {
    expect(modelPlan(recordedPreview("on-change"), ...first)).toMatchObject({
      action: "stay",
      summary: "Nothing is trained: version 1 stays, nothing that decides the model has changed.",
      changes: [],
      reasons: [],
      gate: [],
      duration: undefined,
      rollout: { outcome: "none" },
    });
  });

  it("compares with the last run that released, after one that failed", () => {
    const state = recordedState("gate-failed");
    const history = recordedHistory("gate-failed");
    const plan = modelPlan(recordedPreview("after-gate-failed"), state, history);
    expect(plan?.changes.map(({ text }) => text)).toEqual([
      "rule minAccuracy `0.85` → `0.9999`",
      "rule maxRegression `0.002` → `none`",
    ]);
    expect(plan?.duration).toEqual({ seconds: 32, updates: 2 });
  });

  it("rolls back to what is pinned, which no gate judges", () => {
    const plan = modelPlan(
      recordedPreview("pin"),
      recordedState("second"),
      recordedHistory("second"),
    );
    expect(plan).toMatchObject({
      action: "roll-back",
      summary: "Nothing is trained: version 1 serves again: `the second misreads sevens`.",
      reasons: ["version 1 is pinned"],
      gate: [],
      duration: undefined,
      rollout: { outcome: "if-digest-changes" },
    });
  });

  it("promotes a release of another stack with its digest, if it passes here", () => {
    expect(modelPlan(recordedPreview("promotion"), recordedState("empty"), [])).toMatchObject({
      action: "promote",
      summary:
        "Nothing is trained: version 2 of `dev` (`1abe31cd`) is evaluated here, and promoted if it passes the gate.",
      source: { stack: "dev", version: "2" },
      gate: [{ rule: "minAccuracy" }, { rule: "maxRegression", bound: undefined }],
      rollout: { outcome: "first", url: "http://127.0.0.1:8081" },
    });
  });

  it("trains in a cluster because of another image, with the trials of a sweep first", () => {
    const run = {
      name: "training-1",
      image: `r/t@sha256:${"1".repeat(64)}`,
      epochs: 1,
      minAccuracy: 0.9,
    };
    const next = {
      ...run,
      name: "training-2",
      image: `r/t@sha256:${"2".repeat(64)}`,
      code: "b",
      trials: 6,
    };
    const plan = modelPlan({ steps: trainingSteps(run, next), diagnostics: [] }, ...first);
    expect(plan?.summary).toBe(
      "6 trials of a sweep, and then a model is trained with the best settings.",
    );
    expect(plan?.changes.map(({ text }) => text)).toEqual([
      "trials of the sweep `0` → `6`",
      "trainer's image `t@11111111` → `t@22222222`",
      "code `aaaaaaaa` → `bbbbbbbb`",
    ]);
    expect(plan?.reasons).toEqual([]);
    // Updates of another target say nothing.
    expect(plan?.duration).toBeUndefined();
  });

  it("trains in a cluster where the last run is not there any more", () => {
    const run = { name: "training-1", image: "i", epochs: 1, minAccuracy: 0.9 };
    const steps = trainingSteps(run, { ...run, name: "training-2" });
    expect(modelPlan({ steps, diagnostics: [] }, ...first)?.reasons).toEqual([
      "its last run is not there any more",
    ]);
  });

  it("says nothing of a preview that does not come to a release", () => {
    expect(modelPlan(recordedPreview("bad"), ...first)).toBeUndefined();
  });
});
