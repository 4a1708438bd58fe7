import { describe, expect, it } from "vitest";
import { tagOf } from "./image-source.ts";

const source = { name: "pause", copies: { pause: "/bin/pause" }, identity: ["pause-1-linux-x64"] };

describe("tagOf", () => {
  it("stays the same as long as everything does, wherever it lies", async () => {
    const elsewhere = { ...source, copies: { pause: "/elsewhere/pause" } };
    expect(await tagOf(elsewhere, undefined)).toBe(await tagOf(source, undefined));
  });

  it("changes with program, files, arguments and base", async () => {
    const tags = await Promise.all([
      tagOf(source, undefined),
      tagOf({ ...source, identity: ["pause-2-linux-x64"] }, undefined),
      tagOf({ ...source, texts: { "etc/pip.conf": "[global]" } }, undefined),
      tagOf({ ...source, buildArgs: { NODE_VERSION: "24" } }, undefined),
      tagOf({ ...source, name: "node" }, undefined),
      tagOf(source, "0123456789abcdef"),
    ]);
    expect(new Set(tags).size).toBe(tags.length);
  });
});
