import { describe, expect, it } from "vitest";
import { tagsFor } from "./up.ts";

const now = new Date("2026-01-01T00:00:00Z");
const inFourHours = new Date("2026-01-01T04:00:00Z");
const asked = { ttl: undefined, pullRequest: undefined, repository: "team/updraft" };
const before = {
  expiresAt: new Date("2026-01-01T01:00:00Z"),
  pullRequest: 12,
  repository: "team/updraft",
};

describe("what a stack says of itself", () => {
  it.each(["no stack", "untagged"] as const)(
    "is what is asked for where there is %s",
    (current) => {
      expect(tagsFor({ ...asked, pullRequest: 7 }, current, now)).toEqual({
        expiresAt: inFourHours,
        pullRequest: 7,
        repository: "team/updraft",
      });
    },
  );

  it("names no repository without a pull request", () => {
    expect(tagsFor(asked, "no stack", now)).toEqual({ expiresAt: inFourHours });
  });

  it("keeps its pull request when only the time is renewed, from wherever that is done", () => {
    const elsewhere = { ...asked, repository: "ada/fork" };
    expect(tagsFor(elsewhere, before, now)).toEqual({ ...before, expiresAt: inFourHours });
  });

  it("takes another pull request with its repository", () => {
    const other = { ttl: 3_600_000, pullRequest: 9, repository: "ada/fork" };
    expect(tagsFor(other, before, now)).toEqual({
      expiresAt: before.expiresAt,
      pullRequest: 9,
      repository: "ada/fork",
    });
  });
});
