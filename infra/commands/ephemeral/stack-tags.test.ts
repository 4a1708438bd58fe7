import { describe, expect, it } from "vitest";
import { CommandError } from "../support/run-command.ts";
import { parseTags, tagsOf } from "./stack-tags.ts";

const expiresAt = new Date("2026-03-04T05:06:07.000Z");

describe("the tags of an ephemeral stack", () => {
  it("come back as they were written", () => {
    const tags = { expiresAt, pullRequest: 12, repository: "team/updraft", host: "laptop" };
    expect(tagsOf(tags)).toEqual([
      ["updraft:expiresAt", "2026-03-04T05:06:07.000Z"],
      ["updraft:pullRequest", "12"],
      ["updraft:repository", "team/updraft"],
      ["updraft:host", "laptop"],
    ]);
    expect(parseTags("pr-12", Object.fromEntries(tagsOf(tags)))).toEqual(tags);
  });

  it("need no pull request", () => {
    expect(tagsOf({ expiresAt })).toHaveLength(1);
    expect(parseTags("mine", Object.fromEntries(tagsOf({ expiresAt })))).toEqual({ expiresAt });
  });

  it("are nothing of a stack that has others", () => {
    expect(parseTags("prod", {})).toBeUndefined();
    expect(parseTags("prod", { "pulumi:project": "updraft" })).toBeUndefined();
    // A number alone ends no stack.
    expect(parseTags("prod", { "updraft:pullRequest": "12" })).toBeUndefined();
  });

  it.each([
    [{ "updraft:expiresAt": "soon" }, 'updraft:expiresAt is "soon"'],
    [
      { "updraft:expiresAt": "2026-03-04T05:06:07Z", "updraft:pullRequest": "#12" },
      'updraft:pullRequest is "#12"',
    ],
  ])("are not guessed at where they cannot be read: %j", (tags, said) => {
    expect(() => parseTags("pr-12", tags)).toThrow(
      new CommandError(
        `the tags of the stack pr-12 cannot be read: ${said}; put them right with: npm run pulumi -- stack tag set <tag> <value> --stack pr-12`,
      ),
    );
  });
});
