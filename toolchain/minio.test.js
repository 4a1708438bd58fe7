import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOf, localSource, recordedStep } from "./local-source.js";
import { minioServer } from "./minio.js";
import { pins } from "./pins.js";

describe("minioServer", () => {
  /** @type {import("./local-source.js").LocalSource} */
  let source;

  beforeEach(async () => {
    source = await localSource();
  });

  afterEach(() => source.remove());

  const program = "#!/bin/sh\necho official\n";
  const context = (sha256 = hashOf(program)) => {
    const programs = { "linux-x64": { url: `${source.url}/minio`, sha256 } };
    return source.context({ pins: { ...pins, minio: { ...pins.minio, programs } } });
  };

  it("takes the one on PATH", async () => {
    const says = "#!/bin/sh\necho 'minio version RELEASE.2025-01-01T00-00-00Z (commit-id=1)'\n";
    const file = await source.program("bin/minio", says);
    const step = recordedStep();
    expect(await minioServer(context(), step)).toBe(file);
    expect(step.told).toEqual([`done: RELEASE.2025-01-01T00-00-00Z, ${file}`]);
  });

  it("takes the official program otherwise", async () => {
    await source.program("bin/minio", "#!/bin/sh\necho a mine game\n");
    source.serve("/minio", program);
    const file = await minioServer(context(), recordedStep());
    expect(execFileSync(file).toString()).toBe("official\n");
  });

  it("says why none of the ways works", async () => {
    source.serve("/minio", "another program");
    await expect(minioServer(context(), recordedStep())).rejects.toThrow(
      [
        "The MinIO server cannot be set up. Tried:",
        "  - MinIO on PATH: there is none",
        `  - the official program: ${source.url}/minio is refused: its sha256 is ${hashOf("another program")}, not ${hashOf(program)}`,
        "  - a build with Go: go is not on PATH; install Go 1.21 or newer (Debian and Ubuntu: golang-go; https://go.dev/dl)",
        "Install Go (https://go.dev/dl) and run this again.",
      ].join("\n"),
    );
  });

  it("builds what go.mod names", async () => {
    const goMod = await readFile(new URL("go/minio/go.mod", import.meta.url), "utf8");
    expect(goMod).toContain(`require github.com/minio/minio ${pins.minio.module}\n`);
  });
});
