import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonIn } from "@updraft/contracts/mlflow-answer";
import type { LocalConfig } from "../../config/config.ts";
import { stackFolder } from "../../local/environment.ts";
import { ControlFile } from "../../local/provider/supervisor-protocol.ts";
import { keepingKey } from "./keeping-key.ts";
import type { Findings, Leftover } from "./leftover.ts";
import { processesOf, type FolderProcess } from "./stack-processes.ts";

/** Where a stack of target `local` is on this machine. */
export interface LocalPlace {
  /** Absolute. */
  readonly folder: string;
  /** Ports of the configuration, by the key that sets them. */
  readonly ports: Readonly<Record<string, number>>;
  /** The key of the configuration for which the folder stays; nothing if it goes with the stack. */
  readonly keptBy: string | undefined;
}

/** Where a stack is by its configuration. */
export function localPlace(
  stack: string,
  config: Pick<LocalConfig, "store" | "tracker" | "inference" | "protect">,
): LocalPlace {
  const { store, tracker, inference } = config;
  return {
    folder: stackFolder({ stack, path: store.path }),
    ports: {
      "updraft:inference.port": inference.port,
      ...(tracker.uri === undefined ? { "updraft:tracker.port": tracker.port } : {}),
    },
    keptBy: keepingKey(config),
  };
}

/** What this machine has of a stack: processes, ports that they hold, and files. */
export async function localFindings(place: LocalPlace): Promise<Findings> {
  const processes = await processesOf(place.folder);
  const supervisors = await supervisorsIn(place.folder);
  // Without a supervisor, a service or a training has some seconds to end once it is asked to.
  const isGoing = !processes.some(({ pid }) => supervisors.has(pid));
  const leftovers = processes.flatMap((process) => [
    processLeftover(process, supervisors, isGoing),
    ...portLeftovers(process, place.ports, isGoing),
  ]);
  const folder = (await isThere(place.folder)) ? [folderLeftover(place)] : [];
  return place.keptBy === undefined
    ? { leftovers: [...leftovers, ...folder], kept: [], unseen: [] }
    : { leftovers, kept: folder, unseen: [] };
}

function processLeftover(
  { pid, command, reason }: FolderProcess,
  supervisors: ReadonlyMap<number, string>,
  isGoing: boolean,
): Leftover {
  const service = supervisors.get(pid);
  return {
    kind: "process",
    name: String(pid),
    where: `${service === undefined ? "" : `supervisor of ${service}, `}${reason}: ${command}`,
    remedy: `kill ${pid}`,
    isGoing,
  };
}

function portLeftovers(
  { pid, ports }: FolderProcess,
  configured: LocalPlace["ports"],
  isGoing: boolean,
): Leftover[] {
  return Object.entries(configured)
    .filter(([, port]) => ports.includes(port))
    .map(([key, port]) => ({
      kind: "port",
      name: String(port),
      where: `of ${key}, held by process ${pid}`,
      remedy: `kill ${pid}`,
      isGoing,
    }));
}

function folderLeftover({ folder, keptBy }: LocalPlace): Leftover {
  return {
    kind: "folder",
    name: folder,
    where: keptBy === undefined ? "the stack's files" : `the stack's files, kept by ${keptBy}`,
    remedy: `rm -r ${shellWord(folder)}`,
    isGoing: false,
  };
}

/** The services whose supervisors say in the folder how they are reached, by process. */
async function supervisorsIn(folder: string): Promise<Map<number, string>> {
  const run = join(folder, "run");
  const files = (await readdir(run).catch(() => [])).filter((name) => name.endsWith(".json"));
  const read = files.map(async (name): Promise<[number, string][]> => {
    const text = await readFile(join(run, name), "utf8").catch(() => "");
    const control = ControlFile.safeParse(jsonIn(text));
    return control.success ? [[control.data.pid, name.replace(/-\d+\.json$/, "")]] : [];
  });
  return new Map((await Promise.all(read)).flat());
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w/.:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
