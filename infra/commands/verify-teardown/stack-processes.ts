import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

/** A process of this machine that has to do with a folder. */
export interface FolderProcess {
  readonly pid: number;
  /** Its command line, shortened. */
  readonly command: string;
  /** What it has to do with it: `has /…/logs/tracker.log open`. */
  readonly reason: string;
  /** Ports of this machine that it listens on. */
  readonly ports: readonly number[];
}

/** Variables that say where somebody is or has been, or what another stack has fetched from here. */
const unrelated = /^(PWD|OLDPWD|_|TRAINER_SOURCE\w*)=/;

const longestCommand = 120;

/**
 * Processes of this user that have files below a folder open, or name it in their environment or on
 * their command line; without this process and those that have started it.
 */
export async function processesOf(folder: string): Promise<FolderProcess[]> {
  if (process.platform !== "linux") return processesByTools(folder);
  const ours = await ancestors(process.pid);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.filter((pid) => !ours.includes(pid)).map((pid) => linuxProcess(pid, folder)),
  );
  const there = found.filter((process) => process !== undefined);
  if (there.length === 0) return [];
  const ports = await listeningSockets();
  return there.map(({ sockets, ...process }) => ({
    ...process,
    ports: sockets.flatMap((inode) => ports.get(inode) ?? []),
  }));
}

/** Whether a text names a folder or something below it. */
export function mentions(text: string, folder: string): boolean {
  return [folder, encodeURI(folder)].some((path) => {
    for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + 1)) {
      if (!/[\w.-]/.test(text[at + path.length] ?? "")) return true;
    }
    return false;
  });
}

async function linuxProcess(
  pid: number,
  folder: string,
): Promise<(Omit<FolderProcess, "ports"> & { readonly sockets: string[] }) | undefined> {
  // A process that ends meanwhile, or that is another user's, holds nothing of ours.
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(
    descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")),
  );
  const command = (await read("cmdline")).replaceAll("\0", " ").trim();
  const variables = (await read("environ")).split("\0").filter((line) => !unrelated.test(line));
  const reason = reasonOf({ files: targets, command, variables }, folder);
  if (reason === undefined || command === "") return undefined;
  const sockets = targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
  return { pid, command: command.slice(0, longestCommand), reason, sockets };
}

interface Held {
  readonly files: readonly string[];
  readonly command: string;
  readonly variables: readonly string[];
}

function reasonOf({ files, command, variables }: Held, folder: string): string | undefined {
  const file = files.find((path) => path.startsWith(`${folder}/`));
  if (file !== undefined) return `has ${file} open`;
  if (mentions(command, folder)) return "names the folder on its command line";
  const variable = variables.find((line) => mentions(line, folder));
  return variable && `has the folder in its variable ${variable.split("=")[0]}`;
}

async function ancestors(pid: number): Promise<number[]> {
  const pids: number[] = [];
  for (let next = pid; next > 1;) {
    pids.push(next);
    const stat = await readFile(`/proc/${next}/stat`, "utf8").catch(() => "");
    // The name, in brackets, may hold spaces; the parent stands second behind it.
    next = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
  }
  return pids;
}

/** Ports that this machine listens on, by the inode of the socket. */
async function listeningSockets(): Promise<Map<string, number>> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const rows = tables.flatMap((table) => table.split("\n").slice(1));
  return new Map(
    rows.flatMap((row): [string, number][] => {
      const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
      const port = Number.parseInt(local?.split(":")[1] ?? "", 16);
      return state === "0A" && inode !== undefined ? [[inode, port]] : [];
    }),
  );
}

/** Where there is no /proc: the tools that macOS has for it. */
async function processesByTools(folder: string): Promise<FolderProcess[]> {
  const open = new Set(linesOf(await output("lsof", ["-t", "+D", folder])).map(Number));
  const all = linesOf(await output("ps", ["-axwwE", "-o", "pid=,ppid=,command="])).map((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command: command ?? "" };
  });
  const ours = new Set<number>();
  for (let next: number | undefined = process.pid; next !== undefined && next > 1;) {
    ours.add(next);
    next = all.find(({ pid }) => pid === next)?.parent;
  }
  const found = all.filter(({ pid, command }) => {
    const words = command.split(" ").filter((word) => !unrelated.test(word));
    return !ours.has(pid) && (open.has(pid) || words.some((word) => mentions(word, folder)));
  });
  return Promise.all(
    found.map(async ({ pid, command }) => ({
      pid,
      command: command.slice(0, longestCommand),
      reason: open.has(pid) ? "has files of the folder open" : "names the folder",
      ports: await portsByTools(pid),
    })),
  );
}

async function portsByTools(pid: number): Promise<number[]> {
  const args = ["-nP", "-a", "-p", String(pid), "-iTCP", "-sTCP:LISTEN", "-Fn"];
  return linesOf(await output("lsof", args)).flatMap((line) => {
    const port = /^n.*:(\d+)$/.exec(line)?.[1];
    return port === undefined ? [] : [Number(port)];
  });
}

async function output(program: string, args: readonly string[]): Promise<string> {
  const result = await promisify(execFile)(program, [...args]).catch(() => ({ stdout: "" }));
  return result.stdout;
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
