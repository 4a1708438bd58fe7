import { fork } from "node:child_process";
import { once } from "node:events";
import { open, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "@updraft/contracts/message-of";
import { childEnvironment } from "./child-environment.ts";
import {
  ControlFile,
  controlFilePath,
  logFilePath,
  type ServiceSpec,
  ServiceStatus,
  type StartMessage,
  StartReply,
} from "./supervisor-protocol.ts";

/** What a service's supervisor needs to be found by. */
export type ServiceKey = Pick<ServiceSpec, "folder" | "name" | "port">;

const supervisorMain = join(import.meta.dirname, "supervisor-main.ts");

/** How long a supervisor that lives may take to say so. */
const statusTimeoutMilliseconds = 2_000;

/**
 * Starts a supervisor with its service and waits until the service is ready.
 * @throws with the reason and the end of the log if it does not become ready
 */
export async function startSupervisor(
  spec: ServiceSpec,
  signal: AbortSignal,
): Promise<ServiceStatus> {
  signal.throwIfAborted();
  const logFile = logFilePath(spec);
  await mkdir(dirname(logFile), { recursive: true });
  const log = await open(logFile, "a", 0o600);
  // Of its own session, so that it outlives the update and no terminal's Ctrl-C reaches it.
  const child = fork(supervisorMain, [], {
    detached: true,
    env: childEnvironment({}),
    execArgv: [],
    stdio: ["ignore", log.fd, log.fd, "ipc"],
  });
  await log.close();
  const cancel = () => child.disconnect();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const message: StartMessage = { type: "start", spec };
    child.send(message);
    const reply = await Promise.race([
      once(child, "message").then(([answer]) => StartReply.parse(answer)),
      once(child, "exit").then(() => undefined),
    ]);
    if (reply?.type === "ready") return reply.status;
    signal.throwIfAborted();
    throw new Error(reply?.message ?? `the supervisor of ${spec.name} ended before it was ready`);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error(`${messageOf(error)}.\n${await endOfLog(logFile)}`, { cause: error });
  } finally {
    signal.removeEventListener("abort", cancel);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** What a service's supervisor says, or nothing if there is none. */
export async function serviceStatus(key: ServiceKey): Promise<ServiceStatus | undefined> {
  const control = await readControlFile(key);
  if (!control) return undefined;
  const answer = await ask(control, "GET", "/status", {
    signal: AbortSignal.timeout(statusTimeoutMilliseconds),
  }).catch(() => undefined);
  return answer?.ok ? ServiceStatus.parse(await answer.json()) : undefined;
}

/**
 * Rolls a running service over to another spec.
 * @throws with the reason if the new process does not become ready; the old one serves on
 */
export async function rollService(spec: ServiceSpec): Promise<ServiceStatus> {
  const control = await readControlFile(spec);
  if (!control) throw new Error(`${spec.name} has no supervisor`);
  const answer = await ask(control, "PUT", "/service", { body: JSON.stringify(spec) });
  if (answer.ok) return ServiceStatus.parse(await answer.json());
  const { message } = (await answer.json()) as { message?: string };
  throw new Error(
    `${message ?? `the supervisor answered ${answer.status}`}; what served before serves on.\n${await endOfLog(logFilePath(spec))}`,
  );
}

/** Stops a service and waits until its processes are gone; nothing if it does not run. */
export async function stopService(key: ServiceKey): Promise<void> {
  const control = await readControlFile(key);
  if (!control || !(await serviceStatus(key))) return;
  await ask(control, "POST", "/stop");
  while (processExists(control.pid)) await sleep(20);
}

/** Stops every service whose supervisor says in a stack's folder how it is reached. */
export async function stopServicesIn(folder: string): Promise<void> {
  const files = await readdir(join(folder, "run")).catch(() => []);
  const keys = files.flatMap((file) => {
    const [, name, port] = /^(.+)-(\d+)\.json$/.exec(file) ?? [];
    return name === undefined ? [] : [{ folder, name, port: Number(port) }];
  });
  await Promise.all(keys.map(stopService));
}

async function readControlFile(key: ServiceKey): Promise<ControlFile | undefined> {
  const text = await readFile(controlFilePath(key), "utf8").catch(() => undefined);
  return text === undefined ? undefined : ControlFile.parse(JSON.parse(text));
}

function ask(
  control: ControlFile,
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`http://127.0.0.1:${control.controlPort}${path}`, {
    ...init,
    method,
    headers: { authorization: `Bearer ${control.token}` },
  });
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function endOfLog(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.trimEnd().split("\n").slice(-6);
  return `The log, ${file}, ends with:\n${lines.join("\n")}`;
}
