import { describe, expect, it } from "vitest";
import { type PullRequestState, verdictOf } from "./verdict.ts";

const expiresAt = new Date("2026-01-01T12:00:00Z");
const tags = { expiresAt, pullRequest: 12 };
const notAsked: PullRequestState = { state: "not asked" };

function verdict(time: string, pullRequest: PullRequestState = notAsked) {
  return verdictOf(tags, new Date(`2026-01-01T${time}Z`), pullRequest);
}

describe("verdictOf", () => {
  it("lets a stack go whose time is over, whatever its pull request does", () => {
    const gone = { isToGo: true, reason: "expired 2 h ago" };
    expect(verdict("14:00:00")).toEqual(gone);
    expect(verdict("14:00:00", { state: "open" })).toEqual(gone);
    expect(verdict("14:00:00", { state: "unknown", problem: "no answer" })).toEqual(gone);
  });

  it("leaves five minutes to clocks that differ", () => {
    const left = "has just expired, and goes with the next sweep";
    expect(verdict("12:00:00")).toEqual({ isToGo: false, reason: left });
    expect(verdict("12:05:00")).toEqual({ isToGo: false, reason: left });
    expect(verdict("12:05:01")).toEqual({ isToGo: true, reason: "expired 5 min ago" });
  });

  it("lets a stack go whose pull request is closed", () => {
    const gone = { isToGo: true, reason: "pull request #12 is closed" };
    expect(verdict("09:00:00", { state: "closed" })).toEqual(gone);
  });

  it("leaves a stack alone whose time is not over", () => {
    expect(verdict("09:00:00")).toEqual({ isToGo: false, reason: "goes in 3 h" });
    expect(verdict("09:00:00", { state: "open" })).toEqual({
      isToGo: false,
      reason: "goes in 3 h, pull request #12 is open",
    });
  });

  it("takes what could not be found out for no reason, and says so", () => {
    expect(verdict("09:00:00", { state: "unknown", problem: "GitHub answers 500" })).toEqual({
      isToGo: false,
      isUncertain: true,
      reason:
        "goes in 3 h; whether pull request #12 is closed could not be found out: GitHub answers 500",
    });
  });
});
