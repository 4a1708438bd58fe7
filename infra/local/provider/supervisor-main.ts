import { once } from "node:events";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { startControlServer } from "./control-server.ts";
import {
  controlFilePath,
  type ControlFile,
  type StartMessage,
  type StartReply,
} from "./supervisor-protocol.ts";
import { Supervisor } from "./supervisor.ts";

// The process of a supervisor: told by the provider what to run, it lives on without it.
const [{ spec }] = (await once(process, "message")) as [StartMessage];
const controlFile = controlFilePath(spec);
const supervisor = new Supervisor(spec);
let started = false;

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
process.once("disconnect", () => {
  // Whoever wanted the service is gone before it was there.
  if (!started) process.exit(1);
});

try {
  await supervisor.start();
  await writeControlFile(await startControlServer(supervisor, () => void end()));
  started = true;
  reply({ type: "ready", status: supervisor.status() });
  // From here on nothing but the services' port keeps the process, whoever started it may go.
  process.disconnect?.();
} catch (error) {
  reply({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
}

async function stop(): Promise<void> {
  await supervisor.stop();
  await end();
}

async function end(): Promise<void> {
  await rm(controlFile, { force: true });
  process.exit(0);
}

function reply(message: StartReply): void {
  process.send?.(message);
}

async function writeControlFile(control: ControlFile): Promise<void> {
  await mkdir(dirname(controlFile), { recursive: true });
  const incoming = `${controlFile}.${process.pid}`;
  await writeFile(incoming, JSON.stringify(control), { mode: 0o600 });
  await rename(incoming, controlFile);
}
