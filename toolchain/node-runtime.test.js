import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOf, localSource, recordedStep } from "./local-source.js";
import { nodeRuntime } from "./node-runtime.js";
import { pins } from "./pins.js";

/** @type {import("./local-source.js").LocalSource} */
let source;

beforeEach(async () => {
  source = await localSource();
});

afterEach(() => source.remove());

const nodeArchive = () => source.archive({ "node-v99/bin/node": "#!/bin/sh\necho v99.1.0\n" });

/**
 * Pins that no Node here is new enough for.
 * @param {string} sha256
 */
function pinned(sha256) {
  const archives = { "linux-x64": { url: `${source.url}/node.tar.gz`, sha256 } };
  const node = { version: "99.1.0", minimum: "99.0.0", archives, executables: {} };
  return source.context({ pins: { ...pins, node } });
}

describe("nodeRuntime", () => {
  it("takes the Node that runs it if that is new enough", async () => {
    const step = recordedStep();
    expect(await nodeRuntime(source.context(), step)).toBe(process.execPath);
    expect(step.told).toEqual([`done: ${process.version.slice(1)}, on PATH`]);
  });

  it("takes another one on PATH", async () => {
    const file = await source.program("bin/node", "#!/bin/sh\necho v99.0.1\n");
    const step = recordedStep();
    expect(await nodeRuntime(pinned(""), step)).toBe(file);
    expect(step.told).toEqual([`done: 99.0.1, ${file}`]);
  });

  it("takes the official archive otherwise, and keeps it", async () => {
    const archive = await nodeArchive();
    source.serve("/node.tar.gz", archive);
    const file = await nodeRuntime(pinned(hashOf(archive)), recordedStep());
    expect(execFileSync(file).toString()).toBe("v99.1.0\n");
    source.serve("/node.tar.gz", "gone");
    const step = recordedStep();
    expect(await nodeRuntime(pinned(hashOf(archive)), step)).toBe(file);
    expect(step.told).toEqual(["done: 99.1.0, in the cache"]);
  });

  it("refuses an archive of other bytes, and says all that it has tried", async () => {
    const archive = await nodeArchive();
    source.serve("/node.tar.gz", archive);
    const old = await source.program("bin/node", "#!/bin/sh\necho v18.20.8\n");
    await expect(nodeRuntime(pinned("0".repeat(64)), recordedStep())).rejects.toThrow(
      [
        "Node 24 cannot be set up. Tried:",
        `  - Node on PATH: ${process.execPath} is ${process.version}, ${old} is v18.20.8; 99.0.0 or newer is needed`,
        `  - the official archive: ${source.url}/node.tar.gz is refused: its sha256 is ${hashOf(archive)}, not ${"0".repeat(64)}`,
        "Install Node 99.0.0 or newer (https://nodejs.org) and run this again.",
      ].join("\n"),
    );
  });
});
