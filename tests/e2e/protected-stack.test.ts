import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@updraft/contracts/free-port";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { realDigits } from "./digits.ts";
import { Environments } from "./environments.ts";
import { processesIn } from "./leftovers.ts";
import { type CommandResult, quickModel, resultOf } from "./pulumi-stack.ts";
import { steadyStream } from "./steady-stream.ts";

const nameOf = (urn: string) => urn.split("::").at(-1) ?? urn;

/** What the stack has made; the database's own files beside it come and go. */
const isOfData = (file: string) => /^(store|tracker)\//.test(file) && !/-(wal|shm)$/.test(file);

const [digit] = realDigits();
const checkout = join(import.meta.dirname, "../..");
const Exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        id: z.string().optional(),
        dependencies: z
          .array(z.string())
          .default([])
          .transform((urns) => urns.toSorted()),
        parent: z.string().optional(),
        protect: z.boolean().default(false),
      }),
    ),
  }),
});

// One stack from its first update to its end: each test goes on where the one before it stopped.
describe("a protected stack", () => {
  let all: Environments;
  let prod: string;
  const model = { ...quickModel, retrain: "on-change" };
  const protect = { model, protect: true };

  beforeAll(async () => {
    all = await Environments.create();
    prod = all.name("prod");
    await all.configure("prod", protect);
  });

  afterAll(async () => {
    await pulumi("state", "unprotect", "--all", "--yes");
    await all.cleanUp();
  });

  const pulumi = (...args: string[]): Promise<CommandResult> =>
    resultOf(all.start("pulumi", [...args, "--stack", prod]));
  const npmRunDown = (): Promise<CommandResult> =>
    resultOf(
      all.start(process.execPath, [join(checkout, "toolchain/main.js"), "down", "--stack", prod]),
    );
  const resources = async () =>
    // Orders are nothing that anybody has touched: the program declares some at the same time.
    Exported.parse(
      JSON.parse((await pulumi("stack", "export")).stdout),
    ).deployment.resources.toSorted((a, b) => a.urn.localeCompare(b.urn));
  /** State, processes and files. */
  const everything = async () => ({
    resources: await resources(),
    processes: (await processesIn(all.storePath("prod"))).toSorted(),
    files: (await readdir(all.storePath("prod"), { recursive: true })).toSorted(),
  });

  /** What refuses leaves everything as it is, and the server answers all along. */
  async function refuses(command: () => Promise<CommandResult>): Promise<string> {
    const before = await everything();
    const stream = steadyStream((await all.outputs("prod")).predictUrl, digit?.pixels ?? []);
    const { code, output } = await command();
    expect(code, output).not.toBe(0);
    expect(await stream.stop()).toEqual([]);
    expect(stream.answered()).toBeGreaterThan(0);
    expect(await everything()).toEqual(before);
    return output;
  }

  it("has guards that depend on everything, and nothing else that an update may not replace", async () => {
    const up = await all.up("prod");
    expect(up.code, up.output).toBe(0);
    const found = await resources();
    const byUrn = new Map(found.map((resource) => [resource.urn, resource]));
    const reached = new Set<string>();
    const visit = (urn: string) => {
      if (reached.has(urn)) return;
      reached.add(urn);
      const { dependencies = [], parent } = byUrn.get(urn) ?? {};
      for (const next of parent === undefined ? dependencies : [...dependencies, parent])
        visit(next);
    };
    const guarded = found.filter((resource) => resource.protect);
    for (const { urn } of guarded) visit(urn);
    const rest = found.filter(({ urn }) => !reached.has(urn)).map(({ urn }) => nameOf(urn));
    // What has started the others goes last.
    expect(rest.filter((name) => !name.startsWith("default"))).toEqual([]);
    expect(guarded.map(({ urn }) => nameOf(urn)).toSorted()).toEqual([
      "environment-folder",
      "guard",
      "guard-data",
      "store",
    ]);
  });

  it.each([
    ["destroy", ["destroy", "--yes"]],
    ["destroy without a preview", ["destroy", "--yes", "--skip-preview"]],
    ["destroy whatever fails", ["destroy", "--yes", "--skip-preview", "--continue-on-error"]],
    ["destroy with the program", ["destroy", "--yes", "--skip-preview", "--run-program"]],
  ])("refuses pulumi %s before anything is touched", async (_, args) => {
    expect(await refuses(() => pulumi(...args))).toContain("because it is protected");
  });

  it("tells npm run down how it is taken down on purpose", async () => {
    expect(await refuses(npmRunDown)).toContain(
      [
        `The stack ${prod} is protected (updraft:protect), and nothing of it has been touched. To take it down on purpose:`,
        `  npm run pulumi -- config set updraft:protect false --stack ${prod}`,
        `  npm start -- --stack ${prod}`,
        `  npm run down -- --stack ${prod}`,
      ].join("\n"),
    );
  });

  it("is updated like any other: another model, another port, a gate that fails, a rollback", async () => {
    const twoEpochs = { ...model, hyperparameters: { epochs: 2 } };
    const port = await freePort();
    await all.configure("prod", { ...protect, model: twoEpochs, inference: { port } });
    const trained = await all.up("prod");
    expect(trained.code, trained.output).toBe(0);
    expect((await all.outputs("prod")).url).toBe(`http://127.0.0.1:${port}`);
    await all.configure("prod", { ...protect, gate: { minAccuracy: 0.9999 } });
    const failed = await all.up("prod");
    expect(failed.output).toMatch(/minAccuracy +0\.\d+ +0\.9999 +failed/);
    await all.configure("prod", { ...protect, model: quickModel, inference: { pin: "1" } });
    const back = await all.up("prod");
    expect(back.code, back.output).toBe(0);
    expect((await all.outputs("prod")).model.version).toBe("1");
    expect(await refuses(() => pulumi("destroy", "--yes", "--skip-preview"))).toContain("guard");
  });

  it("keeps its files if its state is made to forget that it is protected", async () => {
    const before = (await everything()).files;
    expect((await pulumi("state", "unprotect", "--all", "--yes")).code).toBe(0);
    expect((await pulumi("destroy", "--yes", "--skip-preview")).code).toBe(0);
    expect(await processesIn(all.storePath("prod"))).toEqual([]);
    const after = await readdir(all.storePath("prod"), { recursive: true });
    expect(after.filter(isOfData).toSorted()).toEqual(before.filter(isOfData));
    const up = await all.up("prod");
    expect(up.code, up.output).toBe(0);
    expect((await all.outputs("prod")).model.version).toBe("1");
  });

  it("goes with all that it has once an update has taken the protection off", async () => {
    await all.configure("prod", { model });
    expect(await refuses(npmRunDown)).toContain("is still protected");
    const up = await all.up("prod");
    expect(up.code, up.output).toBe(0);
    const down = await npmRunDown();
    expect(down.code, down.output).toBe(0);
    expect(down.output).toContain(`Nothing is left of the stack ${prod}.`);
    await expect(readdir(all.storePath("prod"))).rejects.toThrow("ENOENT");
  });
});
