import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mentions, processesOf } from "./stack-processes.ts";

describe("mentions", () => {
  it("finds a folder and what lies in it, in a path and in an address", () => {
    expect(mentions("sqlite:////state/dev/tracker.db", "/state/dev")).toBe(true);
    expect(mentions("FOLDER=/state/dev", "/state/dev")).toBe(true);
    expect(mentions("node /a /state/dev --x", "/state/dev")).toBe(true);
    expect(mentions("file:///my%20state/dev/store", "/my state/dev")).toBe(true);
  });

  it("does not take another folder for it whose name begins in the same way", () => {
    expect(mentions("/state/dev2/tracker.db /state/dev-2 /state/dev.old", "/state/dev")).toBe(
      false,
    );
    expect(mentions("/state/dev2 /state/dev/a", "/state/dev")).toBe(true);
  });
});

describe("processesOf", () => {
  let folder: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "updraft-processes-")));
  });

  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });

  /** A process that says when it is there, and stays. */
  async function start(
    script: string,
    options: { args?: string[]; env?: NodeJS.ProcessEnv; cwd?: string; log?: number } = {},
  ): Promise<number> {
    const child = spawn(process.execPath, ["-e", script, ...(options.args ?? [])], {
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
      stdio: ["ignore", "pipe", options.log ?? "ignore"],
    });
    children.push(child);
    await once(child.stdout ?? child, "data");
    return child.pid ?? 0;
  }

  const stay = "console.log('there'); setInterval(() => {}, 1000)";
  const listen =
    "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";

  it("finds those with a variable, an argument or an open file of the folder", async () => {
    const log = await open(join(folder, "service.log"), "a");
    const byVariable = await start(stay, { env: { MODEL_URI: `file://${folder}/store` } });
    const byArgument = await start(stay, { args: [`${folder}/tracker.db`] });
    const byFile = await start(stay, { log: log.fd });
    await log.close();
    const found = await processesOf(folder);
    expect(new Map(found.map(({ pid, reason }) => [pid, reason]))).toEqual(
      new Map([
        [byVariable, "has the folder in its variable MODEL_URI"],
        [byArgument, "names the folder on its command line"],
        [byFile, `has ${folder}/service.log open`],
      ]),
    );
  });

  it("names the ports that they listen on", async () => {
    const pid = await start(listen, { env: { STORE: folder } });
    const [found] = await processesOf(folder);
    expect(found).toMatchObject({ pid, ports: [expect.any(Number)] });
  });

  it("passes over a shell that stands there, and a promotion that fetches from there", async () => {
    await start(stay, {
      env: { PWD: folder, OLDPWD: folder, TRAINER_SOURCE: `{"uri":"${folder}"}` },
    });
    expect(await processesOf(folder)).toEqual([]);
  });
});
