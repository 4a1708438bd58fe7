import { describe, expect, it } from "vitest";
import type { RunInCluster } from "../cluster/cluster-facts.ts";
import { chooseRun, newRunId, otherUnfinished, type RunChoice } from "./run-name.ts";

const spec = "a".repeat(32);
const otherSpec = "b".repeat(32);

function job(
  name: string,
  state: RunInCluster["state"],
  { at = 1, of = spec }: { at?: number; of?: string } = {},
): RunInCluster {
  return { name, state, spec: of, createdAt: `2026-07-14T09:35:0${at}Z` };
}

const afterTrials = (state: RunInCluster["state"]) => [
  job("sweep-a", "complete", { at: 1 }),
  job("training-a", state, { at: 2 }),
];

const choose = (runs: RunInCluster[], more: Partial<RunChoice> = {}) =>
  chooseRun({ runs, spec, repeat: "always", newId: "new", ...more });

const onChange = { repeat: "on-change" } as const;
const started = { id: "new", state: "new" };

describe("which run an update is about", () => {
  it("is a new one in an empty cluster", () => {
    expect(choose([])).toEqual(started);
  });

  it("is the one that still runs, after an update that was stopped", () => {
    expect(choose([job("training-a", "unfinished")])).toEqual({ id: "a", state: "unfinished" });
  });

  it("is a new one where what still runs has other settings", () => {
    const runs = [job("training-a", "unfinished", { of: otherSpec })];
    expect(choose(runs)).toEqual(started);
    expect(choose(runs, onChange)).toEqual(started);
  });

  it("is a new one after one that failed, whatever the settings say", () => {
    expect(choose([job("training-a", "failed")])).toEqual(started);
    expect(choose([job("training-a", "failed")], onChange)).toEqual(started);
  });

  it("is a new one after a complete one, where every update trains", () => {
    expect(choose([job("training-a", "complete")])).toEqual(started);
  });

  it("is the complete one, where only a change trains and there is none", () => {
    expect(choose([job("training-a", "complete")], onChange)).toEqual({
      id: "a",
      state: "complete",
    });
    expect(choose([job("training-a", "complete", { of: otherSpec })], onChange)).toEqual(started);
  });

  it("is never one that another has followed, because the state may be about to delete it", () => {
    const failedSince = [
      job("training-a", "complete", { at: 1 }),
      job("training-b", "failed", { at: 2, of: otherSpec }),
    ];
    expect(choose(failedSince, onChange)).toEqual(started);
    const overtaken = [
      job("training-b", "complete", { at: 2, of: otherSpec }),
      job("training-a", "unfinished", { at: 1 }),
    ];
    expect(choose(overtaken)).toEqual(started);
  });

  it("is that of the trials that run, or are through, where the training has not begun", () => {
    expect(choose([job("sweep-a", "unfinished")])).toEqual({ id: "a", state: "unfinished" });
    expect(choose([job("sweep-a", "complete")])).toEqual({ id: "a", state: "unfinished" });
    expect(choose([job("sweep-a", "failed")])).toEqual(started);
  });

  it("goes by the training, once there is one after the trials", () => {
    expect(choose(afterTrials("unfinished"))).toEqual({ id: "a", state: "unfinished" });
    expect(choose(afterTrials("failed"))).toEqual(started);
    expect(choose(afterTrials("complete"))).toEqual(started);
    expect(choose(afterTrials("complete"), onChange)).toEqual({ id: "a", state: "complete" });
  });

  it("goes by the ids of Jobs that are of the same second", () => {
    const runs = [job("training-b", "unfinished"), job("training-a", "failed")];
    expect(choose(runs)).toEqual({ id: "b", state: "unfinished" });
  });

  it.each(["promotion", "rollback"])("is a %s that still runs, or is complete", (kind) => {
    const runs = [
      job("training-a", "complete", { at: 1, of: otherSpec }),
      job(`${kind}-b`, "unfinished", { at: 2 }),
    ];
    expect(choose(runs, onChange)).toEqual({ id: "b", state: "unfinished" });
    const complete = [job(`${kind}-b`, "complete")];
    expect(choose(complete, onChange)).toEqual({ id: "b", state: "complete" });
    // What was trained before is not taken up again once something else has followed it.
    const followed = [
      job("training-a", "complete", { at: 1 }),
      job(`${kind}-b`, "failed", { at: 2, of: otherSpec }),
    ];
    expect(choose(followed, onChange)).toEqual(started);
  });

  it("has nothing to do with Jobs of other names", () => {
    expect(choose([job("store-setup", "unfinished")])).toEqual(started);
  });
});

it("names what still runs beside the chosen run", () => {
  const runs = [
    job("training-c", "unfinished", { of: otherSpec }),
    job("training-a", "unfinished"),
    job("sweep-a", "complete"),
    job("sweep-b", "unfinished"),
    job("training-d", "failed"),
  ];
  expect(otherUnfinished(runs, { id: "a", state: "unfinished" })).toEqual([
    "sweep-b",
    "training-c",
  ]);
});

it("makes ids that sort by time and fit into a name", () => {
  expect(newRunId(new Date("2026-07-14T09:35:12.678Z"), "4f7a")).toBe("20260714-093512-4f7a");
});
