import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Environments } from "./environments.ts";
import { quickModel, resultOf } from "./pulumi-stack.ts";

const main = join(import.meta.dirname, "../../infra/commands/deploy/main.ts");
const otherDigest = `sha256:${"f".repeat(64)}`;

// Each test goes on where the one before it stopped.
describe("a pipeline", () => {
  let all: Environments;
  let approved: string;

  beforeAll(async () => {
    all = await Environments.create();
    process.env["GITHUB_OUTPUT"] = join(all.folder, "outputs");
    process.env["GITHUB_STEP_SUMMARY"] = join(all.folder, "summary.md");
    await all.configure("dev");
    await all.configure("prod", {
      promotion: { fromStack: all.name("dev") },
      model: { name: quickModel.name, dataset: quickModel.dataset },
    });
  });
  afterAll(async () => {
    delete process.env["GITHUB_OUTPUT"];
    delete process.env["GITHUB_STEP_SUMMARY"];
    await all?.cleanUp();
  });

  /** Deploys a stack; what it leaves to the jobs after it, by name. */
  async function deploy(stack: string, ...args: string[]) {
    await writeFile(join(all.folder, "outputs"), "");
    const result = await resultOf(all.start(process.execPath, [main, all.name(stack), ...args]));
    const lines = (await readFile(join(all.folder, "outputs"), "utf8")).split("\n").filter(Boolean);
    const left = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    return { ...result, left };
  }

  it("makes dev, and tells the jobs after it what serves", async () => {
    const { code, output, left } = await deploy("dev");
    expect(code, output).toBe(0);
    const { model, url } = await all.outputs("dev");
    const { name, version, digest } = model;
    expect(left).toEqual({ digest, version, model: name, url });
    const summary = await readFile(join(all.folder, "summary.md"), "utf8");
    expect(summary).toContain(`**${all.name("dev")}** serves digits version 1 at ${url}`);
    approved = digest;
  });

  it("lets nothing into prod but what was approved", async () => {
    const { code, output, left } = await deploy("prod", "--approved-digest", otherDigest);
    expect(code).toBe(1);
    expect(output).toContain(`releases ${approved}, and ${otherDigest} is approved`);
    expect(left).toEqual({});
  });

  it("takes the approved release over, and keeps the approval for no other time", async () => {
    const before = await readFile(all.configFile("prod"), "utf8");
    const { code, output, left } = await deploy("prod", "--approved-digest", approved);
    expect(code, output).toBe(0);
    expect(left["digest"]).toBe(approved);
    expect(await readFile(all.configFile("prod"), "utf8")).toBe(before);
  });
});
