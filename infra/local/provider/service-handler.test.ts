import { access, mkdtemp, readFile, stat } from "node:fs/promises";
import { Agent, get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freePort } from "@updraft/contracts/free-port";
import { folderHandler } from "./folder-handler.ts";
import type { OperationContext } from "./resource-handler.ts";
import { serviceHandler } from "./service-handler.ts";
import { serviceStatus } from "./supervisor-client.ts";
import { controlFilePath, type ServiceSpec } from "./supervisor-protocol.ts";

describe("serviceHandler", () => {
  let spec: ServiceSpec;
  let shown: string[];
  let context: OperationContext;

  beforeEach(async () => {
    shown = [];
    context = {
      urn: "urn:pulumi:dev::updraft::updraft:local:Service::tracker-service",
      signal: new AbortController().signal,
      info: (message) => shown.push(message),
      status: () => undefined,
    };
    const port = await freePort();
    spec = {
      name: "echo",
      entry: join(import.meta.dirname, "fixtures/service.ts"),
      args: [],
      cwd: tmpdir(),
      env: { ANSWER: "one", HOST: "127.0.0.1", PORT: String(port) },
      host: "127.0.0.1",
      port,
      portKey: "updraft:echo.port",
      healthPath: "/ready",
      folder: await mkdtemp(join(tmpdir(), "updraft-service-")),
      readyTimeoutSeconds: 10,
      drainSeconds: 3,
      code: `sha256:${"0".repeat(64)}`,
    };
  });

  afterEach(() => serviceHandler.delete({ ...spec }));

  const withAnswer = (answer: string, env: Record<string, string> = {}): ServiceSpec => ({
    ...spec,
    env: { ...spec.env, ANSWER: answer, ...env },
  });

  async function ask(path = "/"): Promise<{ answer: string; pid: number }> {
    const response = await fetch(`http://127.0.0.1:${spec.port}${path}`, {
      headers: { connection: "close" },
    });
    return (await response.json()) as { answer: string; pid: number };
  }

  it("starts a service that outlives the operation, and tells where it is", async () => {
    const { outs } = await serviceHandler.create({ ...spec }, context);
    expect(outs).toEqual({
      url: `http://127.0.0.1:${spec.port}`,
      pid: expect.any(Number),
      logFile: `${spec.folder}/logs/echo.log`,
    });
    expect(await ask()).toMatchObject({ answer: "one" });
    expect(await serviceHandler.difference({ ...spec, ...outs }, { ...spec }, context)).toBe(
      "same",
    );
  });

  it("takes over what an update has started that was killed before it noted it down", async () => {
    const first = await serviceHandler.create({ ...spec }, context);
    const second = await serviceHandler.create({ ...withAnswer("two") }, context);
    expect(second).toEqual(first);
    await vi.waitFor(async () => expect(await ask()).toMatchObject({ answer: "two" }));
  });

  it("is stopped with its folder, whoever has started it", async () => {
    await serviceHandler.create({ ...spec }, context);
    await folderHandler.delete({ path: spec.folder, keep: true });
    expect(await serviceStatus(spec)).toBeUndefined();
    await expect(ask()).rejects.toThrow("fetch failed");
  });

  it("gives the service none of the engine's secrets", async () => {
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "secret");
    await serviceHandler.create({ ...spec }, context);
    vi.unstubAllEnvs();
    expect(JSON.stringify(await ask())).not.toContain("PULUMI");
  });

  it("keeps the token of its control server to its user", async () => {
    await serviceHandler.create({ ...spec }, context);
    const { mode } = await stat(controlFilePath(spec));
    expect(mode & 0o777).toBe(0o600);
    const { controlPort } = JSON.parse(await readFile(controlFilePath(spec), "utf8")) as {
      controlPort: number;
    };
    const answer = await fetch(`http://127.0.0.1:${controlPort}/stop`, { method: "POST" });
    expect(answer.status).toBe(401);
  });

  it("names port and key when the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(spec.port, "127.0.0.1", resolve));
    await expect(serviceHandler.create({ ...spec }, context)).rejects.toThrow(
      new RegExp(`port ${spec.port} on 127.0.0.1 cannot be used .*EADDRINUSE.*updraft:echo.port`),
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it("quotes the log of a service that does not start, and leaves nothing running", async () => {
    await expect(
      serviceHandler.create({ ...withAnswer("one", { FAIL: "exit" }) }, context),
    ).rejects.toThrow(/echo ended with code 1 before it was ready.*cannot start: the fixture/s);
    expect(await serviceStatus(spec)).toBeUndefined();
  });

  it("gives up on a service that is never ready", async () => {
    const never = { ...withAnswer("one", { FAIL: "never ready" }), readyTimeoutSeconds: 1 };
    await expect(serviceHandler.create(never, context)).rejects.toThrow(
      "echo did not answer /ready with 200 within 1 seconds",
    );
  });

  it("replaces the process without losing a request of a steady stream", async () => {
    await serviceHandler.create({ ...withAnswer("one", { SLOW_MILLISECONDS: "20" }) }, context);
    const stream = steadyStream(spec.port);
    await vi.waitFor(() => expect(stream.answers.length).toBeGreaterThan(20), { timeout: 10_000 });
    const next = withAnswer("two", { SLOW_MILLISECONDS: "20" });
    expect(await serviceHandler.difference({ ...spec }, { ...next }, context)).toBe("update");
    await serviceHandler.update?.({ ...spec }, { ...next }, context);
    const sinceUpdate = stream.answers.length;
    await vi.waitFor(() => expect(stream.answers.at(-1)).toBe("two"), { timeout: 10_000 });
    await vi.waitFor(() => expect(stream.answers.length).toBeGreaterThan(sinceUpdate + 100), {
      timeout: 10_000,
    });
    expect(await stream.stop()).toEqual([]);
    expect(new Set(stream.answers)).toEqual(new Set(["one", "two"]));
  });

  it("keeps the old process when the new one does not start", async () => {
    await serviceHandler.create({ ...spec }, context);
    await expect(
      serviceHandler.update?.({ ...spec }, { ...withAnswer("two", { FAIL: "exit" }) }, context),
    ).rejects.toThrow("echo ended with code 1 before it was ready; what served before serves on");
    expect(await ask()).toMatchObject({ answer: "one" });
  });

  it("starts a process that was killed again, and lets connections wait meanwhile", async () => {
    await serviceHandler.create({ ...spec }, context);
    const before = await ask();
    process.kill(before.pid, "SIGKILL");
    const after = await ask();
    expect(after.answer).toBe("one");
    expect(after.pid).not.toBe(before.pid);
    expect((await serviceStatus(spec))?.restarts).toBe(1);
  });

  it("sees that the supervisor was killed, and an update brings the service back", async () => {
    const { outs } = await serviceHandler.create({ ...spec }, context);
    const { pid } = await ask();
    process.kill(Number(outs["pid"]), "SIGKILL");
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), {
      timeout: 10_000,
    });
    expect(await serviceHandler.read?.({ ...spec })).toBeUndefined();
    expect(await serviceHandler.difference({ ...spec }, { ...spec }, context)).toBe("update");
    expect(shown).toEqual(["is not running any more and will be started again"]);
    await serviceHandler.update?.({ ...spec }, { ...spec }, context);
    expect(await ask()).toMatchObject({ answer: "one" });
  });

  it("leaves no process and no control file when it is deleted, even with idle connections", async () => {
    await serviceHandler.create({ ...spec }, context);
    const agent = new Agent({ keepAlive: true });
    const { pid } = await keptAlive(spec.port, agent);
    await serviceHandler.delete({ ...spec });
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    await expect(access(controlFilePath(spec))).rejects.toThrow("ENOENT");
    agent.destroy();
  });

  it("is another service on another port", async () => {
    expect(
      await serviceHandler.difference({ ...spec }, { ...spec, port: spec.port + 1 }, context),
    ).toBe("replace");
  });
});

async function keptAlive(port: number, agent: Agent): Promise<{ answer: string; pid: number }> {
  const body = await new Promise<string>((resolve, reject) => {
    get({ port, host: "127.0.0.1", path: "/", agent }, (response) => {
      text(response).then(resolve, reject);
    }).on("error", reject);
  });
  return JSON.parse(body) as { answer: string; pid: number };
}

/** Four clients that ask again and again, two of them over connections that are kept alive. */
function steadyStream(port: number) {
  const answers: string[] = [];
  const errors: unknown[] = [];
  const going = new AbortController();
  const client = async (keepAlive: boolean) => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!going.signal.aborted) {
      await keptAlive(port, agent).then(
        ({ answer }) => answers.push(answer),
        (error: unknown) => errors.push(error),
      );
      await sleep(2);
    }
    agent.destroy();
  };
  const clients = [true, true, false, false].map(client);
  const stop = async () => {
    going.abort();
    await Promise.all(clients);
    return errors;
  };
  return { answers, stop };
}
