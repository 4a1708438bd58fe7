import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, parseDocument, stringify } from "yaml";
import { z } from "zod";
import { Environments, killWhenItSays } from "./environments.ts";
import { isListening, processesIn } from "./leftovers.ts";
import { quickModel, resultOf } from "./pulumi-stack.ts";

const Swept = z.array(z.object({ stack: z.string(), outcome: z.string(), reason: z.string() }));
const fourHours = 4 * 3_600_000;

// One stack that is brought up and swept, one that never gets that far, and one that lasts.
describe("ephemeral stacks", () => {
  let environments: Environments;
  let template: string;
  let gitHub: Server;
  /** What takes the place of GitHub says about pull request 7. */
  let pullRequest: { readonly status: number; readonly state: string };
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    environments = await Environments.create();
    template = join(environments.folder, "template.yaml");
    const config = {
      "updraft:model": { ...quickModel, retrain: "on-change" },
      "updraft:gate": { minAccuracy: 0.8 },
      "updraft:store": { path: join(environments.folder, "<stack>") },
    };
    await writeFile(template, `# Of all previews.\n${stringify({ config })}`);
    await pulumi("stack", "init", name("lasting"), "--no-select");
    gitHub = createServer((request, response) => {
      asked.push(request.url);
      const body = JSON.stringify({ number: 7, state: pullRequest.state });
      response.writeHead(pullRequest.status).end(body);
    });
    await once(gitHub.listen(0, "127.0.0.1"), "listening");
  });

  afterEach(() => vi.unstubAllEnvs());

  afterAll(async () => {
    gitHub?.close();
    for (const stack of ["preview", "closed", "lasting"]) {
      await pulumi("cancel", "--yes", "--stack", name(stack));
      await environments.command("ephemeral", "down", name(stack));
      await rm(environments.configFile(stack), { force: true });
    }
    await environments.cleanUp();
  });

  const name = (stack: string) => environments.name(stack);
  const pulumi = (...args: string[]) => resultOf(environments.start("pulumi", args));
  const expire = () =>
    pulumi("stack", "tag", "set", "updraft:expiresAt", anHourAgo(), "--stack", name("preview"));

  async function tags(stack: string): Promise<Record<string, string>> {
    return JSON.parse(
      (await pulumi("stack", "tag", "ls", "--json", "--stack", name(stack))).stdout,
    );
  }

  async function stacks(): Promise<string[]> {
    const listed = z.array(z.object({ name: z.string() }));
    const all = listed.parse(JSON.parse((await pulumi("stack", "ls", "--json")).stdout));
    return all.map((stack) => stack.name).toSorted();
  }

  const configText = (stack: string) => readFile(environments.configFile(stack), "utf8");

  async function ports(): Promise<{ inference: number; tracker: number }> {
    const found = [...(await configText("preview")).matchAll(/port: (\d+)/g)].map(([, port]) =>
      Number(port),
    );
    return { inference: found[0] ?? 0, tracker: found[1] ?? 0 };
  }

  async function protect(stack: string, isProtected: boolean): Promise<void> {
    const document = parseDocument(await configText(stack));
    document.setIn(["config", "updraft:protect"], isProtected);
    await writeFile(environments.configFile(stack), document.toString());
  }

  /** @returns what has become of each stack, by the name that the tests give it */
  async function sweep(...args: string[]) {
    const { code, stdout, output } = await environments.command("sweep", "--json", ...args);
    const outcomes = Swept.parse(JSON.parse(stdout)).map(({ stack, ...rest }) => [
      stack.replace(/^e2e-(.*)-\d+$/, "$1"),
      rest,
    ]);
    return { code, output, outcomes: Object.fromEntries(outcomes) as Record<string, unknown> };
  }

  function askGitHub(): void {
    vi.stubEnv("GITHUB_REPOSITORY", "team/updraft");
    vi.stubEnv("GITHUB_TOKEN", "a token");
    vi.stubEnv("GITHUB_API_URL", `http://127.0.0.1:${(gitHub.address() as AddressInfo).port}`);
  }

  it("are known to the backend before anything is started", async () => {
    const args = ["--ttl", "2h", "--pull-request", "7", "--template", template];
    const up = environments.startCommand("ephemeral", "up", name("closed"), ...args);
    await killWhenItSays(up, "goes at ");
    expect(await tags("closed")).toMatchObject({
      "updraft:pullRequest": "7",
      "updraft:host": hostname(),
    });
    const list = await environments.command("ephemeral", "list");
    expect(list.stdout).toContain(`${name("closed")}  goes in `);
  });

  it("are taken up where a killed command has left them, and tried from outside", async () => {
    const args = ["up", name("preview"), "--template", template];
    const killed = environments.startCommand("ephemeral", ...args, "--ttl", "1h");
    await killWhenItSays(killed, "epoch 1/1");
    const before = await configText("preview");
    const up = await environments.command("ephemeral", ...args);
    expect(up.code, up.output).toBe(0);
    expect(up.output).toContain("was killed; its lock is taken off");
    expect(up.output).toContain(
      "An update was killed while it made training-run; it is made anew.",
    );
    expect(up.output).not.toContain("pending operations");
    for (const check of ["ready", "digest", "example", "tracker"]) {
      expect(up.output).toMatch(new RegExp(`passed  ${check} `));
    }
    const after = await configText("preview");
    expect(withoutTime(after)).toEqual(withoutTime(before));
    expect(after).toContain("# Of all previews.");
    const { inference, tracker } = await ports();
    expect([await isListening(inference), await isListening(tracker)]).toEqual([true, true]);
  });

  it("live longer with every update, and train no more than they have to", async () => {
    await expire();
    const up = await environments.command("ephemeral", "up", name("preview"));
    expect(up.code, up.output).toBe(0);
    expect(up.output).not.toContain("epoch 1/1");
    const expiresAt = (await tags("preview"))["updraft:expiresAt"] ?? "";
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - fourHours)).toBeLessThan(120_000);
    expect(await configText("preview")).toContain(`expiresAt: "${expiresAt}"`);
    const outputs = await pulumi("stack", "output", "--json", "--stack", name("preview"));
    expect(JSON.parse(outputs.stdout)).toMatchObject({ expiresAt });
    const smoke = await environments.command("smoke", name("preview"));
    expect([smoke.code, smoke.stdout.match(/passed/g)?.length]).toEqual([0, 4]);
  });

  it("take no other stack's place, and none down that lasts", async () => {
    const down = await environments.command("ephemeral", "down", name("lasting"));
    expect([down.code, down.output]).toEqual([
      1,
      `${name("lasting")} is not ephemeral (it has no tag updraft:expiresAt), and stays; take it down with: npm run down -- --stack ${name("lasting")}\n`,
    ]);
    await writeFile(environments.configFile("lasting"), "config: {}\n");
    const up = await environments.command("ephemeral", "up", name("lasting"));
    expect(up.code).toBe(1);
    expect(up.output).toContain("and not made for an ephemeral stack");
    expect(await configText("lasting")).toBe("config: {}\n");
  });

  it("are named by a dry run, and stay", async () => {
    await expire();
    const { code, output, outcomes } = await sweep("--dry-run");
    expect([code, outcomes]).toEqual([
      0,
      {
        closed: { outcome: "kept", reason: expect.stringMatching(/^goes in (2 h|1 h 5\d min)$/) },
        preview: { outcome: "would go", reason: expect.stringMatching(/^expired 1 h.* ago$/) },
      },
    ]);
    expect(output).toContain("GITHUB_REPOSITORY and GITHUB_TOKEN are not set");
    expect(await isListening((await ports()).inference)).toBe(true);
  });

  it("stay where another update holds them, and where nobody has looked after a killed one", async () => {
    const folder = join(environments.folder, "backend/.pulumi/locks/organization/updraft");
    const lock = join(folder, name("preview"), "a.json");
    await mkdir(join(lock, ".."), { recursive: true });
    const held = async (pid: number | undefined) => {
      const timestamp = new Date(Date.now() - 60_000).toISOString();
      const holder = { pid, username: "ada", hostname: hostname(), timestamp };
      await writeFile(lock, JSON.stringify(holder));
      return sweep();
    };
    expect(await held(process.pid)).toMatchObject({
      code: 0,
      outcomes: { preview: { outcome: "held", reason: expect.stringContaining("left alone") } },
    });
    const ended = spawn(process.execPath, ["--eval", ""]);
    await once(ended, "exit");
    expect(await held(ended.pid)).toMatchObject({
      code: 1,
      outcomes: {
        preview: {
          outcome: "failed",
          reason: expect.stringContaining(
            `seems to be gone; if it is: npm run pulumi -- cancel --yes --stack ${name("preview")}`,
          ),
        },
      },
    });
    await rm(lock);
    expect(await stacks()).toContain(name("preview"));
  });

  it("go with their pull request, and not because GitHub could not be asked", async () => {
    askGitHub();
    await pulumi(
      "stack",
      "tag",
      "set",
      "updraft:expiresAt",
      inAnHour(),
      "--stack",
      name("preview"),
    );
    pullRequest = { status: 500, state: "closed" };
    expect(await sweep()).toMatchObject({
      code: 1,
      outcomes: { closed: { outcome: "unknown", reason: expect.stringContaining("answers 500") } },
    });
    pullRequest = { status: 200, state: "open" };
    expect(await sweep()).toMatchObject({ code: 0, outcomes: { closed: { outcome: "kept" } } });
    pullRequest = { status: 200, state: "closed" };
    await protect("closed", true);
    expect(await sweep()).toMatchObject({
      code: 0,
      outcomes: { closed: { outcome: "protected", reason: expect.stringContaining("stays") } },
    });
    await protect("closed", false);
    expect(await sweep()).toMatchObject({
      code: 0,
      outcomes: {
        closed: { outcome: "destroyed", reason: "pull request #7 is closed" },
        preview: { outcome: "kept" },
      },
    });
    expect(new Set(asked)).toEqual(new Set(["/repos/team/updraft/pulls/7"]));
    expect(await stacks()).toEqual([name("lasting"), name("preview")]);
    await expect(access(environments.configFile("closed"))).rejects.toThrow("ENOENT");
  });

  it("are destroyed once by two sweeps that know no configuration, and leave nothing", async () => {
    const { inference, tracker } = await ports();
    await rm(environments.configFile("preview"));
    await expire();
    const both = await Promise.all([sweep(), sweep()]);
    expect(
      both.map(({ code }) => code),
      JSON.stringify(both),
    ).toEqual([0, 0]);
    const outcomes = both.map((one) => one.outcomes["preview"]);
    const destroyed = outcomes.filter((one) => JSON.stringify(one)?.includes("destroyed"));
    expect(destroyed, JSON.stringify(outcomes)).toHaveLength(1);
    expect(await stacks()).toEqual([name("lasting")]);
    expect(await processesIn(join(environments.folder, name("preview")))).toEqual([]);
    expect([await isListening(inference), await isListening(tracker)]).toEqual([false, false]);
    for (const path of [
      join(environments.folder, name("preview")),
      environments.configFile("preview"),
    ]) {
      await expect(access(path)).rejects.toThrow("ENOENT");
    }
    expect(await sweep()).toMatchObject({ code: 0, outcomes: {} });
    const down = await environments.command("ephemeral", "down", name("preview"));
    expect([down.code, down.output]).toEqual([
      0,
      `There is no stack ${name("preview")}: nothing to take down.\n`,
    ]);
  });
});

function anHourAgo(): string {
  return new Date(Date.now() - 3_600_000).toISOString();
}

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}

/** A configuration but for when the stack goes: Pulumi lays the file out anew. */
function withoutTime(text: string): unknown {
  const { config } = z.object({ config: z.record(z.string(), z.unknown()) }).parse(parse(text));
  return { ...config, "updraft:ephemeral": undefined };
}
