import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Environments } from "./environments.ts";
import { quickModel, resultOf, type CommandResult } from "./pulumi-stack.ts";

const Plan = z.object({
  model: z.object({
    action: z.string(),
    changes: z.array(z.object({ input: z.string(), before: z.unknown(), after: z.unknown() })),
    gate: z.array(z.object({ rule: z.string(), limit: z.number(), isChanged: z.boolean() })),
    duration: z.object({ seconds: z.number(), updates: z.number() }).nullable(),
    rollout: z.object({ outcome: z.string() }),
  }),
  now: z.object({ serving: z.object({ version: z.string() }).nullable() }),
});

const Report = z.object({
  serving: z.object({ version: z.string(), digest: z.string(), runUrl: z.string() }),
  beside: z.object({ version: z.string(), isSamePackage: z.boolean() }).nullable(),
  lastUpdate: z.object({
    result: z.string(),
    seconds: z.number().min(1),
    hasReleased: z.boolean(),
    rollout: z.string(),
  }),
  failedRun: z.object({ url: z.string(), message: z.string() }).nullable(),
});

const twoEpochs = { ...quickModel, hyperparameters: { epochs: 2 } };

function json({ output, stdout, code }: CommandResult): unknown {
  expect(code, output).toBe(0);
  return JSON.parse(stdout);
}

// One stack: each test goes on where the one before it stopped.
describe("the plan of a stack", () => {
  let all: Environments;
  let stack: string;

  beforeAll(async () => {
    all = await Environments.create();
    stack = all.name("plan");
    await all.configure("plan");
    await resultOf(all.start("pulumi", ["stack", "init", stack, "--no-select"]));
  });

  afterAll(() => all?.cleanUp());

  const plan = (...flags: string[]) => all.command("plan", stack, ...flags);

  it("says of a stack that is not up that all is new, what is trained, and that nothing serves", async () => {
    const { code, output, stdout } = await plan();
    expect(code, output).toBe(0);
    expect(stdout).toContain(`Plan of ${stack}\n`);
    expect(stdout).toContain("A model is trained.\n    this stack has released nothing yet\n");
    expect(stdout).toMatch(
      /If the gate lets it pass, the server starts at http:\/\/127\.0\.0\.1:\d+\./,
    );
    expect(stdout).toContain("minAccuracy 0.8  accuracy of at least 0.8");
    expect(stdout).toMatch(/Resources: \d+ created\.\n/);
    expect(stdout).toContain("+ training-run (process that runs to its end) is created");
    expect(stdout).toContain("Nothing serves yet.\n  There has been no update yet.");
    expect(stdout).not.toMatch(/It takes about/);
    // What is piped has no colours, whatever the terminal can.
    expect(stdout).not.toContain("\u001b");
  });

  it("names what has changed since an update, the rules ahead, and how long it takes", async () => {
    const up = await all.up("plan");
    expect(up.code, up.output).toBe(0);
    await all.configure("plan", {
      model: twoEpochs,
      gate: { minAccuracy: 0.85, maxRegression: 0.5 },
    });
    const { model, now } = Plan.parse(json(await plan("--json")));
    expect(model).toMatchObject({
      action: "train",
      duration: { updates: 1 },
      rollout: { outcome: "if-digest-changes" },
    });
    expect(model.changes).toEqual([
      { input: "hyperparameters.epochs", before: 1, after: 2 },
      { input: "gate.minAccuracy", before: 0.8, after: 0.85 },
      { input: "gate.maxRegression", before: null, after: 0.5 },
    ]);
    expect(model.gate).toEqual([
      { rule: "minAccuracy", limit: 0.85, isChanged: true },
      { rule: "maxRegression", limit: 0.5, isChanged: true },
    ]);
    expect(now.serving).toEqual({ version: "1" });
  });

  it("says the same in Markdown, behind a marker", async () => {
    const { code, output, stdout } = await plan("--markdown");
    expect(code, output).toBe(0);
    expect(stdout.split("\n")[0]).toBe(`<!-- updraft-plan:${stack} -->`);
    expect(stdout).toContain("- epochs `1` → `2`\n- rule minAccuracy `0.8` → `0.85`\n");
    expect(stdout).toMatch(/The champion, digits version 1 \(`[0-9a-f]{8}`\), serves at http/);
    expect(stdout).toMatch(
      /\| `minAccuracy 0.85` \(was 0.8\) \| accuracy of at least 0.85 \| 0\.\d{4}, passes \|/,
    );
    expect(stdout).toMatch(
      /The last update succeeded at .* after .*\. It started the server with version 1 at/,
    );
  });

  it("says that the model stays where only changes retrain and there is none", async () => {
    await all.configure("plan", { model: { ...quickModel, retrain: "on-change" } });
    const { model } = Plan.parse(json(await plan("--json")));
    expect(model).toMatchObject({ action: "stay", changes: [], gate: [], duration: null });
    expect(model.rollout.outcome).toBe("none");
    expect((await plan()).stdout).toContain(
      "Nothing is trained: version 1 stays, nothing that decides the model has changed.",
    );
  });

  it("reports an update that has released another version", async () => {
    await all.configure("plan", { model: twoEpochs, gate: { maxRegression: 0.5 } });
    const up = await all.up("plan");
    expect(up.code, up.output).toBe(0);
    const { serving, beside, lastUpdate } = Report.parse(json(await plan("--report", "--json")));
    expect(serving.version).toBe("2");
    expect(beside).toEqual({ version: "1", isSamePackage: false });
    expect(lastUpdate).toMatchObject({
      result: "succeeded",
      hasReleased: true,
      rollout: "rolled-out",
    });
    const { stdout } = await plan("--report", "--markdown");
    expect(stdout.split("\n")[0]).toBe(`<!-- updraft-report:${stack} -->`);
    expect(stdout).toContain(`- run: ${serving.runUrl}\n`);
    expect(stdout).toContain("### The gate that it passed");
    expect(stdout).toMatch(/Beside version 1, .*accuracy.*\(95 % interval .* to .*\)/);
  });

  it("reports an update whose gate failed: that it did, when, why, and what serves on", async () => {
    await all.configure("plan", { gate: { minAccuracy: 0.9999 } });
    expect((await all.up("plan")).code).not.toBe(0);
    const { serving, lastUpdate, failedRun } = Report.parse(json(await plan("--report", "--json")));
    expect(serving.version).toBe("2");
    expect(lastUpdate).toMatchObject({ result: "failed", hasReleased: false, rollout: "none" });
    expect(failedRun?.message).toMatch(/minAccuracy +0\.\d+ +0\.9999 +failed/);
    expect(failedRun?.url).not.toBe(serving.runUrl);
    const { stdout } = await plan("--report");
    expect(stdout).toMatch(
      /The last update failed at \d{4}-\d\d-\d\d \d\d:\d\d UTC after .*\. What served before serves on: version 2\./,
    );
  });

  it("compares with the release that serves, not with what was tried after it", async () => {
    await all.configure("plan", { gate: { minAccuracy: 0.9999 } });
    const { model } = Plan.parse(json(await plan("--json")));
    expect(model.changes.map(({ input }) => input)).toEqual([
      "hyperparameters.epochs",
      "gate.minAccuracy",
      "gate.maxRegression",
    ]);
  });

  it("says what the program says of a configuration that cannot work", async () => {
    await all.configure("plan", { trackr: {} });
    const plain = await plan();
    expect(plain.code).toBe(1);
    expect(plain.stdout).toBe("");
    expect(plain.output).toContain("updraft:trackr is not a key of the configuration; known here:");
    expect(plain.output).toContain("Nothing has been changed; version 2 serves on.");
    expect(plain.output).not.toMatch(/ at .*\.(ts|js):\d+/);
    const comment = await plan("--markdown");
    expect(comment.code).toBe(1);
    expect(comment.stdout.split("\n")[0]).toBe(`<!-- updraft-plan:${stack} -->`);
    expect(comment.stdout).toContain("updraft:trackr is not a key of the configuration");
  });

  it("names the stacks that there are, if there is none of that name", async () => {
    const { code, output } = await all.command("plan", "e2e-nowhere");
    expect(code).toBe(1);
    expect(output).toContain(`there is no stack e2e-nowhere in this backend; there are ${stack}`);
  });
});
