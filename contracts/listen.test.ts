import { fork, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { on, once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, createServer, request, type IncomingMessage } from "node:http";
import { connect, createServer as createNetServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import {
  listen,
  supervisedVariable,
  type ConnectionMessage,
  type ListeningMessage,
  type TakenMessage,
} from "./listen.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function startService(environment: Record<string, string>): ChildProcess {
  const child = fork(join(import.meta.dirname, "fixtures/listening-service.ts"), {
    env: { ...process.env, ...environment },
    execArgv: [],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  cleanUps.push(() => child.kill("SIGKILL"));
  return child;
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return child.exitCode ?? child.signalCode;
  }
  const [code, signal] = (await once(child, "exit")) as unknown[];
  return code ?? signal;
}

/** Waits until a process has printed a line. */
async function printed(child: ChildProcess, line: RegExp): Promise<string> {
  let output = "";
  for await (const [chunk] of on(child.stdout!, "data")) {
    output += String(chunk);
    const found = line.exec(output);
    if (found) return found[0];
  }
  throw new Error("unreachable: on ends only with an error");
}

async function startUnsupervised(environment: Record<string, string> = {}) {
  const child = startService(environment);
  return { child, port: Number(await printed(child, /^\d+\n/)) };
}

/** A request that the process has begun to answer, once it has. */
async function begun(child: ChildProcess, port: number, path: string, agent?: Agent) {
  const answering = printed(child, /answering/);
  const answer = answerOf(port, path, agent);
  answer.catch(() => undefined);
  await answering;
  return { answer };
}

/** The least that a supervisor has to do: owns the port and hands its connections over. */
async function startSupervisor() {
  const handedOver = new Map<number, Socket>();
  let lastId = 0;
  let active: ChildProcess | undefined;
  const handTo = (child: ChildProcess, socket: Socket) => {
    const message: ConnectionMessage = { type: "connection", id: (lastId += 1) };
    handedOver.set(message.id, socket);
    child.send(message, socket, { keepOpen: true }, () => undefined);
  };
  const server = createNetServer({ pauseOnConnect: true }, (socket) => {
    if (active) handTo(active, socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => server.close());

  return {
    port: (server.address() as AddressInfo).port,
    unconfirmed: () => [...handedOver.values()],
    handTo,
    /** Starts a process and, once it listens, sends it what comes in. */
    async roll(environment: Record<string, string> = {}) {
      const child = startService({ ...environment, [supervisedVariable]: "true" });
      const privatePort = await new Promise<number>((resolve) => {
        child.on("message", (message: ListeningMessage | TakenMessage) => {
          if (message.type === "listening") return resolve(message.port);
          handedOver.get(message.id)?.destroy();
          handedOver.delete(message.id);
        });
      });
      const old = active;
      active = child;
      return { child, old, privatePort };
    },
  };
}

function get(port: number, path: string, agent?: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ port, path, agent, host: "127.0.0.1" }, resolve).once("error", reject).end();
  });
}

async function answerOf(port: number, path: string, agent?: Agent) {
  const response = await get(port, path, agent);
  return { pid: Number(await text(response)), connection: response.headers.connection };
}

function keepAliveAgent(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  cleanUps.push(() => agent.destroy());
  return agent;
}

function processListeners(): number[] {
  const events = ["SIGTERM", "SIGINT", "message", "disconnect"];
  return events.map((event) => process.listenerCount(event));
}

/** Waits until the port is closed. */
async function refusal(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const refused = await once(socket, "connect").then(
      () => false,
      () => true,
    );
    socket.destroy();
    if (refused) return;
    await sleep(10);
  }
}

describe("listen", () => {
  it("answers on a free port and says which", async () => {
    const listener = await listen(
      createServer((_request, answer) => answer.end("1")),
      { host: "127.0.0.1", port: 0, drainSeconds: 1 },
    );

    expect((await answerOf(listener.port, "/", new Agent())).pid).toBe(1);

    await listener.drain();
    await refusal(listener.port);
  });

  it("rejects a port that is taken, with the error of listen", async () => {
    const options = { host: "127.0.0.1", port: 0, drainSeconds: 1 };
    const first = await listen(createServer(), options);
    const before = processListeners();

    await expect(listen(createServer(), { ...options, port: first.port })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });

    expect(processListeners()).toEqual(before);
    await first.drain();
  });

  it("leaves no listener on the process once it has drained", async () => {
    const before = processListeners();
    const options = { host: "127.0.0.1", port: 0, drainSeconds: 1 };
    const listeners = await Promise.all([
      listen(createServer(), options),
      listen(createServer(), options),
    ]);

    await Promise.all(listeners.map((listener) => listener.drain()));
    await Promise.all(listeners.map((listener) => listener.closed));

    expect(processListeners()).toEqual(before);
  });
});

describe("a service that gets SIGTERM", () => {
  it("finishes what it answers, closes that connection and exits with 0", async () => {
    const { child, port } = await startUnsupervised();
    const agent = keepAliveAgent();
    expect((await answerOf(port, "/0", agent)).connection).toBe("keep-alive");
    const slow = await begun(child, port, "/300", agent);

    child.kill("SIGTERM");

    expect(await slow.answer).toEqual({ pid: child.pid, connection: "close" });
    expect(await exitOf(child)).toBe(0);
    await refusal(port);
  });

  it("answers the next request of a connection that was idle", async () => {
    const { child, port } = await startUnsupervised();
    const agent = keepAliveAgent();
    await answerOf(port, "/0", agent);

    const asked = printed(child, /asked to stop/);
    child.kill("SIGTERM");
    await asked;

    expect(await answerOf(port, "/0", agent)).toEqual({ pid: child.pid, connection: "close" });
    expect(await exitOf(child)).toBe(0);
  });

  it("takes new connections, one for each request, while some may still be sent to it", async () => {
    const { child, port } = await startUnsupervised({ LAME_DUCK_SECONDS: "60" });
    const asked = printed(child, /not ready/);
    child.kill("SIGTERM");
    await asked;

    for (let turn = 0; turn < 20; turn += 1) {
      expect(await answerOf(port, "/0", new Agent())).toEqual({
        pid: child.pid,
        connection: "close",
      });
      // Nobody is connected for a moment, in which the port must not be closed.
      await sleep(10);
    }
    child.kill("SIGTERM");
    await exitOf(child);
  });

  it("ends when that time is over and nobody is connected", async () => {
    const { child, port } = await startUnsupervised({ LAME_DUCK_SECONDS: "0.2" });

    child.kill("SIGTERM");

    expect(await exitOf(child)).toBe(0);
    await refusal(port);
  });

  it("cuts an answer that takes longer than it may", async () => {
    const { child, port } = await startUnsupervised({ DRAIN_SECONDS: "0.2" });
    const slow = await begun(child, port, "/20000");

    child.kill("SIGTERM");

    await expect(slow.answer).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await exitOf(child)).toBe(0);
  });

  it("ends at once when it gets a second signal", async () => {
    const { child, port } = await startUnsupervised();
    const slow = await begun(child, port, "/20000");

    const asked = printed(child, /asked to stop/);
    child.kill("SIGTERM");
    await asked;
    child.kill("SIGINT");

    expect(await exitOf(child)).toBe("SIGINT");
    await expect(slow.answer).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("keeps a channel that is not a supervisor's", async () => {
    const { child } = await startUnsupervised();
    const output = text(child.stdout!);

    child.kill("SIGTERM");

    expect(await output).toBe("not ready\nasked to stop\ndrained with a channel\n");
  });
});

/** A process that is the first of its own, as in a container, where the kernel lets us make one. */
const asFirst = ["--pid", "--fork", "--kill-child", "--mount-proc"];
const mayBeFirst = spawnSync("unshare", [...asFirst, "true"]).status === 0;

async function startFirst() {
  const service = join(import.meta.dirname, "fixtures/listening-service.ts");
  const outer = spawn("unshare", [...asFirst, process.execPath, service], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanUps.push(() => outer.kill("SIGKILL"));
  const port = Number(await printed(outer, /^\d+\n/));
  const children = await readFile(`/proc/${outer.pid}/task/${outer.pid}/children`, "utf8");
  return { outer, port, pid: Number(children) };
}

describe.runIf(mayBeFirst)("the first process of a container", () => {
  it("drains at SIGTERM and exits with 0", async () => {
    const { outer, port, pid } = await startFirst();
    const slow = await begun(outer, port, "/300");

    process.kill(pid, "SIGTERM");

    expect(await slow.answer).toEqual({ pid: 1, connection: "close" });
    expect(await exitOf(outer)).toBe(0);
  });

  it("ends at once at a second signal, which by itself would do nothing", async () => {
    const { outer, port, pid } = await startFirst();
    const slow = await begun(outer, port, "/20000");

    const asked = printed(outer, /asked to stop/);
    process.kill(pid, "SIGTERM");
    await asked;
    process.kill(pid, "SIGINT");

    expect(await exitOf(outer)).toBe(130);
    await expect(slow.answer).rejects.toMatchObject({ code: "ECONNRESET" });
  });
});

describe("a supervised service", () => {
  it("is replaced under keep-alive clients without one failed request", async () => {
    const supervisor = await startSupervisor();
    const first = await supervisor.roll();
    const children = [first.child];
    const pids = new Set<number>();
    const over = new AbortController();
    const clients = Array.from({ length: 8 }, async () => {
      const agent = keepAliveAgent();
      let requests = 0;
      for (; !over.signal.aborted; requests += 1) {
        pids.add((await answerOf(supervisor.port, "/2", agent)).pid);
      }
      return requests;
    });

    for (let turn = 0; turn < 3; turn += 1) {
      const answered = () => pids.has(children.at(-1)?.pid ?? 0);
      while (!answered()) await sleep(10);
      const { child, old } = await supervisor.roll();
      old?.kill("SIGTERM");
      children.push(child);
    }
    expect(await Promise.all(children.slice(0, 3).map(exitOf))).toEqual([0, 0, 0]);
    over.abort();

    expect(Math.min(...(await Promise.all(clients)))).toBeGreaterThan(10);
    expect([...pids]).toEqual(children.map((child) => child.pid));
  });

  it("leaves a connection that comes too late to another process", async () => {
    const supervisor = await startSupervisor();
    const { child, privatePort } = await supervisor.roll({ KEEP_ALIVE_MILLISECONDS: "10" });
    const slow = await begun(child, privatePort, "/3000");
    child.kill("SIGTERM");
    await refusal(privatePort);

    const late = answerOf(supervisor.port, "/0");
    expect((await slow.answer).pid).toBe(child.pid);
    expect(await exitOf(child)).toBe(0);
    const next = await supervisor.roll();
    const [socket] = supervisor.unconfirmed();
    supervisor.handTo(next.child, socket!);

    expect((await late).pid).toBe(next.child.pid);
  });

  it("drains when its supervisor goes away", async () => {
    const supervisor = await startSupervisor();
    const { child } = await supervisor.roll();
    const slow = await begun(child, supervisor.port, "/500");

    child.disconnect();

    expect(await slow.answer).toEqual({ pid: child.pid, connection: "close" });
    expect(await exitOf(child)).toBe(0);
  });

  it("ends when its supervisor went away while it was starting", async () => {
    const child = startService({ [supervisedVariable]: "true", START_MILLISECONDS: "300" });
    const output = text(child.stdout!);

    child.disconnect();

    expect(await exitOf(child)).toBe(0);
    expect(await output).toMatch(/^not ready\n\d+\ndrained without a channel\n$/);
  });
});
