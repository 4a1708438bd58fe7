import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Environments } from "./environments.ts";
import { processesIn } from "./leftovers.ts";
import { type CommandResult, quickModel } from "./pulumi-stack.ts";

const Control = z.object({ pid: z.int() });
const model = { ...quickModel, retrain: "on-change" };

// One stack from its first update to its end: each test goes on where the one before it stopped.
describe("a stack that is taken down", () => {
  let all: Environments;
  let dev: string;
  let folder: string;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    all = await Environments.create();
    dev = all.name("dev");
    folder = all.storePath("dev");
    await all.configure("dev", { model });
  });

  afterAll(async () => {
    for (const child of started) child.kill("SIGKILL");
    await all?.cleanUp();
  });

  const verify = (...args: string[]): Promise<CommandResult> =>
    all.command("verify-teardown", dev, ...args);
  const supervisorOf = async (service: string): Promise<number> => {
    const run = join(folder, "run");
    const file = (await readdir(run)).find((name) => name.startsWith(`${service}-`)) ?? "";
    return Control.parse(JSON.parse(await readFile(join(run, file), "utf8"))).pid;
  };
  /** A process of somebody's that stays, once it says that it is there. */
  async function stayingProcess(env: NodeJS.ProcessEnv): Promise<number> {
    const script = "console.log('there'); setInterval(() => {}, 1000)";
    const child = spawn(process.execPath, ["-e", script], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    started.push(child);
    await once(child.stdout, "data");
    return child.pid ?? 0;
  }

  it("is all there while it is up", async () => {
    const up = await all.up("dev");
    expect(up.code, up.output).toBe(0);
    const { code, output } = await verify();
    expect(code).toBe(1);
    const [supervisor, port] = [await supervisorOf("inference"), portOf(await all.outputs("dev"))];
    expect(output).toContain(`  process ${supervisor}: supervisor of inference, has ${folder}/`);
    expect(output).toContain(
      `  port ${port}: of updraft:inference.port, held by process ${supervisor}\n    remove it: kill ${supervisor}`,
    );
    expect(output).toContain(
      `  folder ${folder}: the stack's files\n    remove it: rm -r ${folder}`,
    );
    expect(output).toMatch(
      new RegExp(
        `  stack ${dev}: in file://.*/backend, with 1[0-9] resources\n.*down -- --stack ${dev}`,
      ),
    );
  });

  it("leaves nothing when it goes", async () => {
    const destroyed = await all.destroy("dev");
    expect(destroyed.code, destroyed.output).toBe(0);
    const { code, output } = await verify();
    expect(code).toBe(0);
    expect(output).toMatch(
      new RegExp(
        `^Nothing is left of the stack ${dev}\\.\nkept on purpose:\n  stack ${dev}: in file://`,
      ),
    );
    expect((await verify("--going")).output).toBe(`Nothing is left of the stack ${dev}.\n`);
  });

  it("is found by a file and by a process that somebody has started", async () => {
    await mkdir(join(folder, "notes"), { recursive: true });
    await writeFile(join(folder, "notes/mine.txt"), "");
    const pid = await stayingProcess({ NOTES: `${folder}/notes` });
    const { code, output } = await verify("--wait", "1s");
    expect(code).toBe(1);
    expect(output).toContain(`2 things are left of the stack ${dev}:`);
    expect(output).toContain(`  process ${pid}: has the folder in its variable NOTES: `);
    expect(output).toContain(`  folder ${folder}: the stack's files`);
  });

  it("is found by a service whose supervisor was killed", async () => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    await all.configure("dev", { model, store: { path: join(all.folder, "other") } });
    folder = join(all.folder, "other");
    expect((await all.up("dev")).code).toBe(0);
    const supervisor = await supervisorOf("inference");
    const children = (await processesIn(folder)).filter((pid) => pid !== supervisor);
    const service = await serviceOf(supervisor, children);
    // It can do nothing about the end of its supervisor.
    process.kill(service, "SIGSTOP");
    process.kill(supervisor, "SIGKILL");
    const destroyed = await all.destroy("dev");
    expect(destroyed.code, destroyed.output).toBe(0);
    const { code, output } = await verify("--wait", "1s");
    expect(code, output).toBe(1);
    expect(output).toContain(
      `1 thing is left of the stack ${dev}:\n  process ${service}: has ${folder}/`,
    );
    process.kill(service, "SIGKILL");
    expect((await verify()).code).toBe(0);
  });

  it("waits for what is about to go", async () => {
    const pid = await stayingProcess({ NOTES: `${folder}/notes` });
    const verified = verify("--wait", "60s");
    // It has looked more than once by then, or not at all: either way it has to be gone.
    setTimeout(() => process.kill(pid, "SIGKILL"), 5_000);
    expect((await verified).code).toBe(0);
  });

  it("keeps its files if it is told to, and says so", async () => {
    const store = { path: folder, keep: true };
    await all.configure("dev", { model, store });
    expect((await all.up("dev")).code).toBe(0);
    expect((await all.destroy("dev")).code).toBe(0);
    const { code, output } = await verify();
    expect(code, output).toBe(0);
    expect(output).toContain(
      `kept on purpose:\n  folder ${folder}: the stack's files, kept by updraft:store.keep`,
    );
  });

  it("leaves its tag in a registry that stays, until it is taken off", async () => {
    await all.configure("mlops", { model });
    expect((await all.up("mlops")).code).toBe(0);
    const uri = all.trackerUrl("mlops");
    await all.configure("dev", {
      model,
      tracker: { uri },
      store: { path: join(all.folder, "third") },
    });
    const up = await all.up("dev");
    expect(up.code, up.output).toBe(0);
    expect((await all.destroy("dev")).code).toBe(0);
    const left = await verify();
    expect(left.code, left.output).toBe(1);
    expect(left.output).toMatch(
      new RegExp(
        `^1 thing is left .*\n  tag updraft\\.stack\\.${dev}: of digits version 1 in the registry at ${uri}: .*\n    remove it: npm run verify-teardown -- ${dev} --take-tags-off\n`,
      ),
    );
    const taken = await verify("--take-tags-off");
    expect(taken.code, taken.output).toBe(0);
    expect(taken.output).toContain(
      `The tag of the stack ${dev} is off digits version 1 in the registry at ${uri}.`,
    );
  });
});

function portOf({ url }: { readonly url: string }): string {
  return new URL(url).port;
}

/** The process that a supervisor has started. */
async function serviceOf(supervisor: number, pids: readonly number[]): Promise<number> {
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    if (parent === supervisor) return pid;
  }
  throw new Error(`none of ${pids.join(", ")} was started by ${supervisor}`);
}
