import { describe, expect, it } from "vitest";
import { expectedDuration, secondsOf } from "./durations.ts";
import { recordedHistory } from "./fixtures/recorded.ts";
import type { HistoryEntry } from "./read-history.ts";

const training = { mode: "training", target: "local" } as const;

function entry(seconds: number, more: Partial<HistoryEntry> = {}): HistoryEntry {
  const start = Date.parse("2026-07-14T09:00:00Z");
  return {
    kind: "update",
    result: "succeeded",
    startedAt: new Date(start).toISOString(),
    endedAt: new Date(start + seconds * 1000).toISOString(),
    target: "local",
    mode: "training",
    retrain: "always",
    made: 1,
    ...more,
  };
}

describe("expectedDuration", () => {
  it("is the median of the updates that trained and succeeded", () => {
    expect(expectedDuration(recordedHistory("gate-failed"), training)).toEqual({
      seconds: 32,
      updates: 2,
    });
    const history = [entry(40), entry(10), entry(20)];
    expect(expectedDuration(history, training)).toEqual({ seconds: 20, updates: 3 });
  });

  it("rests on the last five", () => {
    const history = [...Array.from({ length: 5 }, () => entry(10)), entry(1000)];
    expect(expectedDuration(history, training)).toEqual({ seconds: 10, updates: 5 });
  });

  it.each<[string, HistoryEntry]>([
    ["failed", entry(10, { result: "failed" })],
    ["was killed, and has no end", entry(10, { result: "in-progress", endedAt: undefined })],
    ["was of another target", entry(10, { target: "kubernetes" })],
    ["promoted", entry(10, { mode: "promotion" })],
    ["rolled back", entry(10, { mode: "rollback" })],
    ["was a destruction", entry(10, { kind: "destroy" })],
    ["was a refresh", entry(10, { kind: "refresh" })],
    ["kept its model", entry(10, { retrain: "on-change", made: 0 })],
  ])("takes no notice of one that %s", (_, other) => {
    expect(expectedDuration([other], training)).toBeUndefined();
    expect(expectedDuration([other, entry(60)], training)).toEqual({ seconds: 60, updates: 1 });
  });

  it("counts an update that trained because of a change", () => {
    const history = [entry(30, { retrain: "on-change", made: 1 })];
    expect(expectedDuration(history, training)).toEqual({ seconds: 30, updates: 1 });
  });

  it("expects of a promotion what promotions took", () => {
    const history = [entry(300), entry(8, { mode: "promotion" })];
    const promotion = { mode: "promotion", target: "local" } as const;
    expect(expectedDuration(history, promotion)).toEqual({ seconds: 8, updates: 1 });
  });
});

describe("secondsOf", () => {
  it("is unknown of an update that has not ended", () => {
    expect(secondsOf(entry(12))).toBe(12);
    expect(secondsOf(entry(12, { endedAt: undefined }))).toBeUndefined();
  });
});
