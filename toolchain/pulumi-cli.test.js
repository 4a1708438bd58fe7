import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOf, localSource, recordedStep } from "./local-source.js";
import { pins } from "./pins.js";
import { checksumOf, pulumiCli } from "./pulumi-cli.js";

/** @param {string} version */
const says = (version) => `#!/bin/sh\necho ${version}\n`;

describe("pulumiCli", () => {
  const name = `pulumi-v${pins.pulumi.version}-linux-x64.tar.gz`;
  /** @type {import("./local-source.js").LocalSource} */
  let source;

  beforeEach(async () => {
    source = await localSource();
  });

  afterEach(() => source.remove());

  const context = () => {
    const places = { archives: source.url, checksums: `${source.url}/checksums.txt` };
    return source.context({ pins: { ...pins, pulumi: { ...pins.pulumi, ...places } } });
  };

  it("takes the one on PATH if it is new enough and has its language host", async () => {
    const file = await source.program("bin/pulumi", says("v3.300.1"));
    await source.program("bin/pulumi-language-nodejs", "");
    const step = recordedStep();
    expect(await pulumiCli(context(), step)).toBe(file);
    expect(step.told).toEqual([`done: 3.300.1, ${file}`]);
  });

  it("takes the official archive otherwise", async () => {
    const archive = await source.archive({
      "pulumi/pulumi": says("official"),
      "pulumi/pulumi-language-nodejs": "",
    });
    source.serve(`/${name}`, archive);
    source.serve("/checksums.txt", `${hashOf(archive)}  ${name}\n`);
    const file = await pulumiCli(context(), recordedStep());
    expect(execFileSync(file).toString()).toBe("official\n");
    expect(execFileSync(join(dirname(file), "pulumi-language-nodejs")).toString()).toBe("");
  });

  it("says why none of the ways works", async () => {
    const file = await source.program("bin/pulumi", says("v3.100.0"));
    source.serve("/checksums.txt", `${hashOf("")}  another.tar.gz\n`);
    await expect(pulumiCli(context(), recordedStep())).rejects.toThrow(
      [
        `The Pulumi CLI ${pins.pulumi.version} cannot be set up. Tried:`,
        `  - Pulumi on PATH: ${file} is v3.100.0, ${pins.pulumi.version} is needed`,
        `  - the official archive: ${source.url}/checksums.txt does not name ${name}`,
        "  - a build with Go: go is not on PATH; install Go 1.21 or newer (Debian and Ubuntu: golang-go; https://go.dev/dl)",
        `Install Pulumi ${pins.pulumi.version} or newer (https://www.pulumi.com/docs/install) and run this again.`,
      ].join("\n"),
    );
  });

  it("does not take one without its language host", async () => {
    const file = await source.program("bin/pulumi", says(`v${pins.pulumi.version}`));
    await expect(pulumiCli(context(), recordedStep())).rejects.toThrow(
      `Pulumi on PATH: ${file} has no pulumi-language-nodejs beside it`,
    );
  });

  it("names a Go that is too old", async () => {
    const file = await source.program("bin/go", says("go1.19.8"));
    await expect(pulumiCli(context(), recordedStep())).rejects.toThrow(
      `a build with Go: ${file} is Go 1.19.8; 1.21.0 or newer is needed (https://go.dev/dl)`,
    );
  });
});

/** @param {string} digit */
const sum = (digit) => digit.repeat(64);

describe("checksumOf", () => {
  const list = `${sum("a")}  pulumi-v3.256.0-linux-x64.tar.gz
${sum("b")} *pulumi-v3.256.0-darwin-arm64.tar.gz
${sum("c")}  old/pulumi-v3.256.0-linux-arm64.tar.gz
`;

  it("finds the line of a file", () => {
    expect(checksumOf("pulumi-v3.256.0-linux-x64.tar.gz", list)).toBe(sum("a"));
    expect(checksumOf("pulumi-v3.256.0-darwin-arm64.tar.gz", list)).toBe(sum("b"));
  });

  it("finds none for a file that is not listed by its whole name", () => {
    expect(checksumOf("pulumi-v3.256.0-linux-arm64.tar.gz", list)).toBeUndefined();
    expect(checksumOf("x64.tar.gz", list)).toBeUndefined();
  });
});
