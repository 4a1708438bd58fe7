import { describe, expect, it } from "vitest";
import { commentBody } from "./comment-body.ts";

const marker = "updraft-plan:dev";
const where = "[the whole plan](https://example.com/run)";
const line = "<!-- updraft-plan:dev -->";

describe("the text of a comment", () => {
  it("begins with the marker, once", () => {
    expect(commentBody("# Plan", marker, where)).toBe(`${line}\n# Plan`);
    expect(commentBody(`${line}\n# Plan`, marker, where)).toBe(`${line}\n# Plan`);
  });

  it("stays as it is up to the limit", () => {
    const text = `${line}\n${"x".repeat(100)}`;
    expect(commentBody(text, marker, where, text.length)).toBe(text);
  });

  it("is cut at the end of a line, and says where the whole text is", () => {
    const text = `${line}\n${"a line of ten\n".repeat(100)}`;
    expect(commentBody(text, marker, where, 120)).toBe(
      `${line}\n${"a line of ten\n".repeat(3)}\n_Cut: [the whole plan](https://example.com/run)._\n`,
    );
  });

  it.each([
    ["a block of code", "```diff\n+ one\n", "```"],
    ["a block that holds fences of its own", "````md\n```\n", "````"],
    ["a chapter that folds", "<details><summary>more</summary>\n\n", "</details>"],
    ["both", "<details>\n\n```\n", "```\n</details>"],
  ])("closes %s at the cut", (_, opening, closing) => {
    const text = `${opening}${"a line of ten\n".repeat(100)}`;
    const body = commentBody(text, marker, where, 200);
    expect(body.length).toBeLessThanOrEqual(200);
    expect(body).toMatch(/a line of ten\n(?!a line)/);
    expect(body.endsWith(`a line of ten\n${closing}\n\n_Cut: ${where}._\n`)).toBe(true);
  });

  it("closes nothing that was closed before the cut", () => {
    const text = `<details>\n\n\`\`\`\ncode\n\`\`\`\n\n</details>\n${"a line of ten\n".repeat(100)}`;
    expect(commentBody(text, marker, where, 200)).toContain("a line of ten\n\n_Cut: ");
  });

  it("holds to GitHub's limit", () => {
    const body = commentBody("a line of ten\n".repeat(10_000), marker, where);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(65_500);
  });
});
