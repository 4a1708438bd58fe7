import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const main = join(import.meta.dirname, "../../tracker/main.ts");

/** How a tracker is started. */
export interface TrackerProcessOptions {
  /** Folder of its own, for the artifacts and, where no other database is named, SQLite's file. */
  readonly folder: string;
  /** Address of the database. @default `tracker.db` in the folder */
  readonly database?: string;
  /** @default a free one */
  readonly port?: number;
  /** Further variables of its environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Command that runs it, such as `prlimit --fsize=…`. @default none */
  readonly wrapper?: readonly string[];
}

/** A tracker as users run it, in a process of its own. */
export interface TrackerProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Lines that it has logged so far, as objects. */
  readonly logged: readonly Record<string, unknown>[];
  /** Whether it still runs. */
  readonly alive: boolean;
  /** Ends it, and waits until it has ended. @default SIGTERM, at which it answers what is open */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a tracker and waits until it listens.
 * @throws with what it has written if it ends before
 */
export async function startTrackerProcess(options: TrackerProcessOptions): Promise<TrackerProcess> {
  const [command = "", ...arguments_] = [...(options.wrapper ?? []), process.execPath, main];
  const child = spawn(command, arguments_, {
    env: environmentFor(options),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const logged: Record<string, unknown>[] = [];
  const port = await listeningPort(child, logged);
  const alive = () => child.exitCode === null && child.signalCode === null;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    logged,
    get alive() {
      return alive();
    },
    async stop(signal = "SIGTERM") {
      if (!alive()) return;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
}

function environmentFor({
  folder,
  database,
  port = 0,
  variables,
}: TrackerProcessOptions): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    PORT: String(port),
    DRAIN_SECONDS: "1",
    MLFLOW_BACKEND_STORE_URI: database ?? `sqlite:///${join(folder, "tracker.db")}`,
    MLFLOW_ARTIFACTS_DESTINATION: pathToFileURL(join(folder, "artifacts")).href,
    ...variables,
  };
}

/** Keeps what is logged from now on, and waits for the line that says where it listens. */
function listeningPort(child: ChildProcess, logged: Record<string, unknown>[]): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () =>
      reject(new Error(`the tracker ended without listening: ${JSON.stringify(logged)}`)),
    );
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) throw new Error("unreachable: both are pipes");
      createInterface(stream).on("line", (text) => {
        const line = parseLine(text);
        logged.push(line);
        if (typeof line["port"] === "number") resolve(line["port"]);
      });
    }
  });
}

function parseLine(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // What Node itself writes when it crashes is no JSON.
    return { msg: text };
  }
}
