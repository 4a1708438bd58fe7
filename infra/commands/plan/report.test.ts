import type { Release } from "@updraft/contracts/release";
import { describe, expect, it } from "vitest";
import { recordedHistory, recordedState } from "./fixtures/recorded.ts";
import type { StackState } from "./read-state.ts";
import { report } from "./report.ts";

/** The second update's state, with what its release knows of the version before. */
function compared(comparedDigest: string): StackState {
  const state = recordedState("second");
  const { release } = state;
  if (!release) throw new Error("no release");
  const comparison: Release["comparison"] = {
    version: "1",
    digest: comparedDigest,
    metrics: { accuracy: 0.95 },
    differences: {},
  };
  return { ...state, release: { ...release, comparison } };
}

describe("report", () => {
  it("knows the first release, which started the server", () => {
    const found = report(recordedState("first"), recordedHistory("first"));
    expect(found).toMatchObject({
      serving: {
        model: "digits",
        version: "1",
        url: "http://127.0.0.1:8080",
        runUrl: "http://127.0.0.1:5000/runs/b25ef3f04d5447c9bcb3dff907c1e881",
        pin: undefined,
      },
      beside: undefined,
      gate: { verdict: "passed" },
      pending: [],
      problems: [],
    });
    expect(found.lastUpdate).toEqual({
      result: "succeeded",
      startedAt: "2026-11-29T14:15:05.000Z",
      endedAt: "2026-11-29T14:15:29.000Z",
      seconds: 24,
      hasReleased: true,
      rollout: "first",
    });
  });

  it("tells another package from the same one by the version that served before", () => {
    const history = recordedHistory("second");
    const other = report(compared(`sha256:${"a".repeat(64)}`), history);
    expect(other.lastUpdate).toMatchObject({ hasReleased: true, rollout: "rolled-out" });
    expect(other.beside).toMatchObject({ version: "1", isSamePackage: false });
    const same = report(compared(recordedState("second").release?.digest ?? ""), history);
    expect(same.lastUpdate).toMatchObject({ hasReleased: true, rollout: "restarted" });
  });

  it("says of an update that failed that it released nothing, and what serves", () => {
    const found = report(recordedState("gate-failed"), recordedHistory("gate-failed"));
    expect(found.serving?.version).toBe("2");
    expect(found.lastUpdate).toMatchObject({
      result: "failed",
      seconds: 41,
      hasReleased: false,
      rollout: "none",
    });
  });

  it("knows an update that left all as it was", () => {
    const [last] = recordedHistory("second");
    if (!last) throw new Error("no update");
    const later = { ...last, startedAt: "2026-12-01T09:00:00Z", endedAt: "2026-12-01T09:00:09Z" };
    expect(report(recordedState("second"), [later]).lastUpdate).toMatchObject({
      result: "succeeded",
      seconds: 9,
      hasReleased: false,
      rollout: "none",
    });
  });

  it("takes no notice of what is no update", () => {
    const [last] = recordedHistory("second");
    if (!last) throw new Error("no update");
    const refresh = { ...last, kind: "refresh", result: "failed" };
    expect(report(recordedState("second"), [refresh, last]).lastUpdate?.result).toBe("succeeded");
  });

  it("knows the pin, its reason, and what has not come to its end", () => {
    const state = recordedState("second");
    const rollback = {
      urn: "urn:pulumi:dev::updraft::updraft:platform:Rollback::rollback",
      type: "updraft:platform:Rollback",
      inputs: { plan: { kind: "rollback", pin: "1", reason: "sevens" } },
      outputs: {},
    };
    const run = {
      urn: "urn:pulumi:dev::updraft::updraft:platform:Rollback$updraft:local:Task::rollback-run",
      type: "updraft:local:Task",
      inputs: {},
      outputs: {},
    };
    const pending = [{ operation: "creating", urn: "urn:pulumi:dev::updraft::a$b::rollback-run" }];
    const resources = [...state.resources, rollback];
    const found = report({ ...state, resources: [...resources, run], pending }, []);
    expect(found.serving?.pin).toEqual({ reason: "sevens" });
    // One that failed pins nothing.
    expect(report({ ...state, resources }, []).serving?.pin).toBeUndefined();
    expect(found.pending).toEqual([{ operation: "creating", name: "rollback-run" }]);
    expect(found.lastUpdate).toBeUndefined();
  });

  it("knows nothing of a stack without an update", () => {
    expect(report(recordedState("empty"), [])).toEqual({
      serving: undefined,
      beside: undefined,
      gate: undefined,
      promotedFrom: undefined,
      lastUpdate: undefined,
      pending: [],
      trackerUrl: undefined,
      failedRun: undefined,
      expiresAt: undefined,
      problems: [],
    });
  });
});
