import { describe, expect, it } from "vitest";
import { recordedState } from "./fixtures/recorded.ts";
import { parseState } from "./read-state.ts";

describe("parseState", () => {
  it("finds what serves and where, among the outputs", () => {
    const { release, url, trackerUrl, runUrl, pending, unreadableRelease } =
      recordedState("second");
    expect(release).toMatchObject({ model: "digits", version: "2" });
    expect(url).toBe("http://127.0.0.1:8080");
    expect(trackerUrl).toBe("http://127.0.0.1:5000");
    expect(runUrl).toBe(`http://127.0.0.1:5000/runs/${release?.runId}`);
    expect(pending).toEqual([]);
    expect(unreadableRelease).toBeUndefined();
  });

  it("keeps what served, after an update that failed", () => {
    expect(recordedState("gate-failed").release?.version).toBe("2");
  });

  it("knows nothing of a stack without an update", () => {
    expect(recordedState("empty")).toEqual({
      resources: [],
      pending: [],
      url: undefined,
      trackerUrl: undefined,
      runUrl: undefined,
      expiresAt: undefined,
      release: undefined,
      unreadableRelease: undefined,
    });
  });

  it("names what an update was about that did not come to its end", () => {
    const urn = "urn:pulumi:dev::updraft::updraft:local:Task::training-run";
    const deployment = { pending_operations: [{ type: "creating", resource: { urn } }] };
    expect(parseState(JSON.stringify({ deployment })).pending).toEqual([
      { operation: "creating", urn },
    ]);
  });

  it("says of a release of another version of the program that it cannot be read", () => {
    const outputs = { release: { model: "digits", kind: "new" } };
    const stack = { urn: "urn", type: "pulumi:pulumi:Stack", outputs };
    const state = parseState(JSON.stringify({ deployment: { resources: [stack] } }));
    expect(state.release).toBeUndefined();
    expect(state.unreadableRelease).toContain('Unrecognized key: "kind"');
  });

  it("refuses what is no state", () => {
    expect(() => parseState("error: no")).toThrow("expected object");
  });
});
