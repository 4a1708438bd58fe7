import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** What processes keep in memory, in MiB. */
export interface ProcessMemory {
  /** Resident pages of each, summed; pages that they share are counted once for each. */
  readonly residentMiB: number;
  /** The same, with pages that they share counted once. */
  readonly proportionalMiB: number;
}

/** The memory of a process and of all that it has started, from `/proc`. */
export function memoryOf(pid: number): ProcessMemory {
  const rollups = [pid, ...descendants(pid)].map((each) => read(`/proc/${each}/smaps_rollup`));
  return {
    residentMiB: sumOf(rollups, /^Rss: +(\d+) kB$/m),
    proportionalMiB: sumOf(rollups, /^Pss: +(\d+) kB$/m),
  };
}

/** Has `peakMemoryMiB` count from now on. @see proc(5), `clear_refs` */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** The most that a process had in memory at any time so far, in MiB. */
export function peakMemoryMiB(pid: number): number {
  return sumOf([read(`/proc/${pid}/status`)], /^VmHWM:\s+(\d+) kB$/m);
}

function sumOf(texts: readonly string[], kibibytes: RegExp): number {
  return texts.reduce((sum, text) => sum + Number(kibibytes.exec(text)?.[1] ?? 0), 0) / 1024;
}

function descendants(root: number): number[] {
  const children = Map.groupBy(runningProcesses(), ({ parent }) => parent);
  const found: number[] = [];
  const pending = [root];
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    const pids = (children.get(parent) ?? []).map(({ pid }) => pid);
    found.push(...pids);
    pending.push(...pids);
  }
  return found;
}

function runningProcesses(): { readonly pid: number; readonly parent: number }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      // The name of the program, in parentheses, may have anything in it.
      parent: Number(/^\d+ \(.*\) \S (\d+)/s.exec(read(`/proc/${name}/stat`))?.[1] ?? 0),
    }));
}

/** Empty for a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
