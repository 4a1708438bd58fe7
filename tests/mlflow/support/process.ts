import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** A server in a process of its own. */
export interface ServerProcess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What it printed so far. */
  output(): string;
  /** Ends it with all the processes that it started. */
  stop(): Promise<void>;
}

interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly port: number;
  readonly healthPath: string;
}

/** Longest time until a server answers: the real MLflow's first start makes its tables. */
const startSeconds = 90;

/** Starts a server and waits until it answers. */
export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  const { command, args, variables, port, healthPath } = server;
  // A group of its own, so that what it starts ends with it.
  const child = spawn(command, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...variables },
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  }
  const url = `http://127.0.0.1:${port}`;
  const stop = () => endGroup(child);
  const started: ServerProcess = { url, output: () => output.join(""), stop };
  try {
    await answering(`${url}${healthPath}`, child);
    return started;
  } catch (error) {
    await stop();
    throw new Error(`${command} ${args.join(" ")} did not start: ${output.join("").slice(-2000)}`, {
      cause: error,
    });
  }
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startSeconds * 1000;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const healthy = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    await sleep(50);
  }
  throw new Error(`nothing answers at ${url}`);
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  process.kill(-child.pid, "SIGKILL");
  await exited;
}
