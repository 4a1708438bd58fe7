import { expect, it } from "vitest";
import { listing } from "./list.ts";

const now = new Date("2026-01-01T00:00:00Z");

it("lists what goes next first", () => {
  const stacks = [
    {
      name: "pr-12",
      tags: {
        expiresAt: new Date("2026-01-01T03:59:00Z"),
        pullRequest: 12,
        repository: "team/updraft",
      },
      resources: 16,
    },
    { name: "mine", tags: { expiresAt: new Date("2025-12-31T23:50:00Z") }, resources: 0 },
    { name: "odd", tags: "the tags of the stack odd cannot be read", resources: 3 },
  ];
  expect(listing(stacks, now)).toBe(`odd    the tags of the stack odd cannot be read
mine   expired 10 min ago (2025-12-31T23:50:00Z)                   0 resources
pr-12  goes in 3 h 59 min (2026-01-01T03:59:00Z)  team/updraft#12  16 resources`);
  expect(listing([], now)).toBe("There are no ephemeral stacks.");
});
