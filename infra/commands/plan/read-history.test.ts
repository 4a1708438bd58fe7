import { describe, expect, it } from "vitest";
import { recordedHistory } from "./fixtures/recorded.ts";
import { parseHistory } from "./read-history.ts";

const entry = (config: Record<string, string>) => ({
  kind: "update",
  result: "succeeded",
  startTime: "2026-07-14T09:00:00.000Z",
  endTime: "2026-07-14T09:01:00.000Z",
  config: Object.fromEntries(
    Object.entries(config).map(([key, value]) => [`updraft:${key}`, { value, secret: false }]),
  ),
});
const only = (config: Record<string, string>) => parseHistory(JSON.stringify([entry(config)]))[0];

describe("parseHistory", () => {
  it("has the newest first, with what each was", () => {
    expect(recordedHistory("gate-failed")[0]).toEqual({
      kind: "update",
      result: "failed",
      startedAt: "2026-11-29T14:16:30.000Z",
      endedAt: "2026-11-29T14:17:11.000Z",
      target: "local",
      mode: "training",
      retrain: "always",
      made: 0,
    });
    expect(recordedHistory("gate-failed").map(({ made }) => made)).toEqual([0, 1, 10]);
  });

  it("tells from the configuration where the release came from", () => {
    expect(only({ inference: '{"pin":1}' })?.mode).toBe("rollback");
    expect(only({ promotion: '{"fromStack":"dev"}' })?.mode).toBe("promotion");
    expect(only({ promotion: '{"fromStack":"dev","policy":"retrain"}' })?.mode).toBe("training");
    expect(only({ promotion: '{"fromStack":"dev"}', inference: '{"pin":"3"}' })?.mode).toBe(
      "rollback",
    );
  });

  it("tells the target and whether every update trains", () => {
    expect(only({ target: "kubernetes", model: '{"retrain":"on-change"}' })).toMatchObject({
      target: "kubernetes",
      retrain: "on-change",
    });
    expect(only({ model: "[secret]" })).toMatchObject({ target: "local", retrain: "always" });
  });

  it("reads an update that is under way, and a history of none", () => {
    const { endTime: _, ...under } = { ...entry({}), result: "in-progress" };
    expect(parseHistory(JSON.stringify([under]))[0]).toMatchObject({
      result: "in-progress",
      endedAt: undefined,
    });
    expect(parseHistory("[]")).toEqual([]);
  });
});
