import { describe, expect, it } from "vitest";
import type { Promotion } from "../data/registry.ts";
import { limitOf, rulesOf } from "./gate-matrix.ts";
import { timelineOf } from "./timeline.ts";

const minute = 60_000;

function version(number: number, minutes: number) {
  return { version: String(number), creation_timestamp: minutes * minute };
}

let moves = 0;
function move(alias: string, to_version: string | undefined, minutes: number): Promotion {
  moves += 1;
  const timestamp = minutes * minute + moves;
  return {
    move_id: moves,
    kind: "alias",
    name: "m",
    alias,
    timestamp,
    ...(to_version ? { to_version } : {}),
  };
}

describe("the timeline of a model", () => {
  it("gives every version a place, and what was moved with it the same one", () => {
    const { versions, lanes } = timelineOf(
      [version(2, 60), version(1, 0)],
      [
        move("challenger", "1", 0),
        move("challenger", "2", 60),
        move("challenger", undefined, 60),
        move("champion", "2", 60),
      ],
    );

    expect(versions).toEqual([
      { version: "1", at: 0 },
      { version: "2", at: 0.5 },
    ]);
    expect(lanes).toEqual([
      { alias: "champion", spans: [{ version: "2", from: 0.5, to: 1, isCurrent: true }] },
      { alias: "challenger", spans: [{ version: "1", from: 0, to: 0.5, isCurrent: false }] },
    ]);
  });

  it("gives a place of its own to a move that comes long after", () => {
    const { lanes, ticks } = timelineOf(
      [version(1, 0), version(2, 10)],
      [move("champion", "1", 0), move("champion", "2", 500)],
    );

    expect(ticks.map(({ at }) => at)).toEqual([0, 1 / 3, 2 / 3]);
    expect(lanes[0]?.spans).toEqual([
      { version: "1", from: 0, to: 2 / 3, isCurrent: false },
      { version: "2", from: 2 / 3, to: 1, isCurrent: true },
    ]);
  });

  it("is the same whatever the order of the moves, and leaves out moves of stages", () => {
    const all = [move("champion", "1", 0), move("champion", "2", 99)];
    const stage: Promotion = { ...all[0]!, kind: "stage" };

    expect(timelineOf([version(1, 0)], [...all.toReversed(), stage])).toEqual(
      timelineOf([version(1, 0)], all),
    );
  });

  it("has few ticks for many versions, the first and the last place among them", () => {
    const many = Array.from({ length: 40 }, (_, index) => version(index + 1, index * 10));
    const { ticks } = timelineOf(many, []);

    expect(ticks.length).toBe(6);
    expect([ticks[0]?.time, ticks.at(-1)?.time]).toEqual([0, 390 * minute]);
  });

  it("is empty without versions", () => {
    expect(timelineOf([], [])).toEqual({ versions: [], lanes: [], ticks: [] });
  });
});

describe("the gate of several versions", () => {
  it("has every rule once, with its limit or the range of its limits", () => {
    const versions = [
      judged([["minF1", 0.9]]),
      judged([
        ["minF1", 0.95],
        ["maxRegression", 0.01],
      ]),
    ];

    expect(rulesOf(versions)).toEqual(["minF1", "maxRegression"]);
    expect(limitOf("minF1", versions)).toBe("0.9000 – 0.9500");
    expect(limitOf("maxRegression", versions)).toBe("0.0100");
  });
});

function judged(rules: [string, number][]) {
  return {
    gate: {
      verdict: "passed",
      rules: rules.map(([rule, limit]) => ({ rule, value: 1, limit, verdict: "passed" })),
    },
  };
}
