import { access } from "node:fs/promises";
import { Release } from "@updraft/contracts/release";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realDigits } from "./digits.ts";
import { Environments } from "./environments.ts";
import { quickModel } from "./pulumi-stack.ts";
import { steadyStream } from "./steady-stream.ts";
import { reasonsOf, runs, versionOf } from "./tracker-client.ts";

const twoEpochs = { ...quickModel, hyperparameters: { epochs: 2 } };
const threeEpochs = { ...quickModel, hyperparameters: { epochs: 3 } };
const fromDev = (dev: string) => ({
  promotion: { fromStack: dev },
  model: { name: quickModel.name, dataset: quickModel.dataset },
  gate: { minAccuracy: 0.8, maxRegression: 0 },
});

// Each test goes on where the one before it stopped.
describe("environments, from the first update to the end of all", () => {
  let all: Environments;
  let dev: string;
  let prod: string;
  const release = async (stack: string) => Release.parse((await all.outputs(stack)).release);

  beforeAll(async () => {
    all = await Environments.create();
    [dev, prod] = [all.name("dev"), all.name("prod")];
  });

  afterAll(() => all?.cleanUp());

  it("brings dev up", async () => {
    await all.configure("dev");
    const up = await all.up("dev");
    expect(up.code, up.output).toBe(0);
    expect((await release("dev")).version).toBe("1");
  });

  it("says of a change that it will train, why, and against whom", async () => {
    await all.configure("dev", { model: twoEpochs });
    const plan = await all.command("plan", dev);
    expect(plan.code, plan.output).toBe(0);
    expect(plan.output).toMatch(/epochs 1 → 2/);
    expect(plan.output).toMatch(/champion.*version 1/i);
  });

  it("tries the change in a stack that leaves nothing behind", async () => {
    const name = all.name("pr-7");
    const template = ["--template", await all.template()];
    const up = await all.command("ephemeral", "up", name, "--ttl", "1h", ...template);
    expect(up.code, up.output).toBe(0);
    expect(up.output).toMatch(/smoke/i);
    const down = await all.command("ephemeral", "down", name);
    expect(down.code, down.output).toBe(0);
    const left = await all.command("verify-teardown", name);
    expect(left.code, left.output).toBe(0);
    await expect(access(all.configFile("pr-7"))).rejects.toThrow("ENOENT");
  });

  it("releases the change in dev, and promotes that very package to prod, judged again", async () => {
    const up = await all.up("dev");
    expect(up.code, up.output).toBe(0);
    await all.configure("prod", fromDev(dev));
    const plan = await all.command("plan", prod);
    expect(plan.output).toContain(`Nothing is trained: version 2 of ${dev}`);
    const promoted = await all.up("prod");
    expect(promoted.code, promoted.output).toBe(0);
    const [there, here] = [await release("dev"), await release("prod")];
    expect(here).toMatchObject({
      digest: there.digest,
      version: "1",
      lineage: there.lineage,
      promotedFrom: { stack: dev, version: there.version, runId: there.runId },
    });
    expect(here.runId).not.toBe(there.runId);
    expect(here.gate.rules.map(({ rule }) => rule)).toContain("minAccuracy");
    const [run] = await runs(all.trackerUrl("prod"));
    const tags = Object.fromEntries(run?.data.tags.map(({ key, value }) => [key, value]) ?? []);
    expect(tags).toMatchObject({ "updraft.promotedFrom.stack": dev });
  });

  it("promotes the next one, and nothing where there is nothing new", async () => {
    await all.configure("dev", { model: threeEpochs });
    expect((await all.up("dev")).code).toBe(0);
    const promoted = await all.up("prod");
    expect(promoted.code, promoted.output).toBe(0);
    expect((await release("prod")).digest).toBe((await release("dev")).digest);
    const again = await all.up("prod");
    expect(again.output).not.toMatch(/created|updated|replaced/);
  });

  it("stops a bad release at prod's gate, while prod serves", async () => {
    const before = await all.outputs("prod");
    await all.configure("dev", {
      model: { ...quickModel, hyperparameters: { epochs: 1, learningRate: 0.0001 } },
      gate: {},
    });
    expect((await all.up("dev")).code).toBe(0);
    const [digit] = realDigits();
    const stream = steadyStream(before.predictUrl, digit?.pixels ?? []);
    const stopped = await all.up("prod");
    expect(await stream.stop()).toEqual([]);
    expect(stopped.code).not.toBe(0);
    expect(stopped.output).toMatch(/minAccuracy +0\.\d+ +0\.8 +failed/);
    expect((await all.outputs("prod")).model).toEqual(before.model);
    expect(await versionOf(all.trackerUrl("prod"), "digits", "champion")).toBe("2");
  });

  it("rolls prod back without training, and keeps who and why", async () => {
    const trained = (await runs(all.trackerUrl("prod"))).length;
    const back = await all.command("rollback", prod, "--reason", "sevens are read as ones");
    expect(back.code, back.output).toBe(0);
    expect(back.output).toMatch(/serves digits version 1/);
    expect((await all.outputs("prod")).model.version).toBe("1");
    expect(await versionOf(all.trackerUrl("prod"), "digits", "champion")).toBe("1");
    expect((await runs(all.trackerUrl("prod"))).length - trained).toBeLessThanOrEqual(1);
    const [latest] = await reasonsOf(all.trackerUrl("prod"), "digits");
    expect(latest).toContain("sevens are read as ones (ada)");
  });

  it("refuses to go to a version that is not there, and changes nothing", async () => {
    const before = await all.outputs("prod");
    const back = await all.command("rollback", prod, "9");
    expect(back.code).toBe(1);
    expect(back.output).toContain("TRAINER_PIN 9: digits has no such version");
    expect(await all.outputs("prod")).toEqual(before);
  });

  it("goes on with the promotion once it is unpinned", async () => {
    await all.configure("dev", { model: threeEpochs });
    expect((await all.up("dev")).code).toBe(0);
    const on = await all.command("rollback", prod, "--unpin");
    expect(on.code, on.output).toBe(0);
    expect((await release("prod")).digest).toBe((await release("dev")).digest);
  });

  it("leaves nothing when all of it goes", async () => {
    for (const stack of ["prod", "dev"]) {
      const destroyed = await all.destroy(stack);
      expect(destroyed.code, destroyed.output).toBe(0);
      const left = await all.command("verify-teardown", all.name(stack));
      expect(left.code, left.output).toBe(0);
    }
  });
});
