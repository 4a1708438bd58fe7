import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { createConnection } from "node:net";
import { platform } from "node:os";
import { promisify } from "node:util";

/** Processes that have a file below a folder open, or its path in their environment. */
export async function processesIn(folder: string): Promise<number[]> {
  if (platform() !== "linux") return processesByLsof(folder);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => concerns(pid, folder)));
  return pids.filter((_, index) => found[index]).map(Number);
}

/** Whether something listens on a port of this machine. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function concerns(pid: string, folder: string): Promise<boolean> {
  // A process that ends meanwhile, or that is another user's, holds nothing of ours.
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(
    descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")),
  );
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.includes(folder) || targets.some((target) => target.startsWith(`${folder}/`));
}

async function processesByLsof(folder: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)("lsof", ["-t", "+D", folder]).catch(() => ({
    stdout: "",
  }));
  return stdout.split("\n").filter(Boolean).map(Number);
}
