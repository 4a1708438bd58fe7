import { describe, expect, it } from "vitest";
import { thisProcess } from "../process-identity.ts";
import { abandonment, heartbeatTag, tagsOfOwner } from "./run-owner.ts";

const now = 1_800_000_000_000;
const minute = 60_000;

/** A run with these tags, as a search finds it. */
function runWith(tags: Readonly<Record<string, string>>) {
  return {
    info: { run_id: "r1", artifact_uri: "", status: "RUNNING", start_time: 0 },
    data: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })), metrics: [] },
  };
}

const self = thisProcess();
const pod = { host: "training-1-x7k2p", pid: 1, startedAt: "9", pidNamespace: "pid:[2]" };

describe("abandonment", () => {
  it("is decided by the process where that can be seen, however long it was silent", () => {
    const silent = runWith(tagsOfOwner(self, now - 60 * minute));
    expect(abandonment(silent, now)).toBeUndefined();
    const ended = runWith(tagsOfOwner({ ...self, startedAt: "1" }, now));
    expect(abandonment(ended, now)).toBe(
      `the trainer (process ${self.pid} on ${self.host}) ended without closing the run; it was killed, or the machine went down`,
    );
  });

  it("is decided by the heartbeat on another host", () => {
    const beatAt = (time: number) => abandonment(runWith(tagsOfOwner(pod, time)), now);
    expect(beatAt(now - 2 * minute)).toBeUndefined();
    expect(beatAt(now + minute)).toBeUndefined();
    expect(beatAt(now - 2 * minute - 1)).toBe(
      "the trainer (process 1 on training-1-x7k2p) has not been heard of for 2 minutes; it was killed, or its machine went down",
    );
  });

  it("is decided by the heartbeat in another container of a host of the same name", () => {
    const other = { ...self, pid: 1, pidNamespace: "pid:[2]" };
    expect(abandonment(runWith(tagsOfOwner(other, now)), now)).toBeUndefined();
    expect(abandonment(runWith(tagsOfOwner(other, now - 3 * minute)), now)).toContain(
      "has not been heard of for 3 minutes",
    );
  });

  it("is unknown on another host without a heartbeat", () => {
    const { [heartbeatTag]: _left, ...silent } = tagsOfOwner(pod, now);
    expect(abandonment(runWith(silent), now)).toBeUndefined();
    expect(abandonment(runWith({}), now)).toBeUndefined();
  });

  it("comes after an hour for a run that several processes work on", () => {
    const beatAt = (time: number) => abandonment(runWith({ [heartbeatTag]: String(time) }), now);
    expect(beatAt(now - 60 * minute)).toBeUndefined();
    expect(beatAt(now - 61 * minute)).toBe("nobody worked on it for 61 minutes");
  });
});
