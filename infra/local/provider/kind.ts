import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { childEnvironment } from "./child-environment.ts";

/** What kind is told about where its containers are, beside what every tool is told. */
const passedOn = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "KIND_EXPERIMENTAL_PROVIDER"];

/** How many of its last lines are quoted when it fails. */
const quotedLines = 12;

export interface RunOptions {
  /** Aborted when it is to end early. */
  readonly signal?: AbortSignal;
  /** Is told each line of what it does. */
  readonly onLine?: (line: string) => void;
}

/** The programs that clusters of kind are made with. */
export interface Kind {
  /** @throws with everything that is missing, if kind or docker is */
  check(): Promise<void>;
  /** Names of the clusters that there are. */
  clusters(): Promise<string[]>;
  /** Runs kind to its end; what it prints. @throws with its last lines if it fails */
  run(args: readonly string[], options?: RunOptions): Promise<string>;
}

/**
 * The kind and the docker of PATH.
 * @param programs what they are called, where they are called otherwise
 */
export function createKind(programs = { kind: "kind", docker: "docker" }): Kind {
  const run = (args: readonly string[], options?: RunOptions) =>
    runProgram(programs.kind, args, options);
  return {
    async check() {
      const problems = [
        ...(await problemOf(
          runProgram(programs.kind, ["version"]),
          "kind is not on PATH; install it: https://kind.sigs.k8s.io",
        )),
        // One that has no daemon says so itself.
        ...(await problemOf(
          runProgram(programs.docker, ["version", "--format", "{{.Server.Version}}"]),
          "docker is not on PATH; install it: https://docs.docker.com/get-docker",
        )),
      ];
      if (problems.length === 0) return;
      throw new Error(`a cluster of kind cannot be had on this machine: ${problems.join("; ")}`);
    },

    async clusters() {
      return (await run(["get", "clusters"])).split("\n").filter((line) => line !== "");
    },

    run,
  };
}

async function problemOf(running: Promise<string>, missing: string): Promise<string[]> {
  try {
    await running;
    return [];
  } catch (error) {
    if (error instanceof MissingProgram) return [missing];
    return [error instanceof Error ? error.message : String(error)];
  }
}

class MissingProgram extends Error {}

function runProgram(
  program: string,
  args: readonly string[],
  { signal, onLine }: RunOptions = {},
): Promise<string> {
  const own = passedOn.flatMap((key) => {
    const value = process.env[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: childEnvironment(Object.fromEntries(own)),
      stdio: ["ignore", "pipe", "pipe"],
      ...(signal === undefined ? {} : { signal }),
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const tail: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      tail.push(line);
      if (tail.length > quotedLines) tail.shift();
      onLine?.(line.trim());
    });
    child.once("error", (error) => {
      const isMissing = "code" in error && error.code === "ENOENT";
      reject(isMissing ? new MissingProgram(`${program} is not there`, { cause: error }) : error);
    });
    child.once("close", (code, endedBy) => {
      if (code === 0) return resolve(output);
      const how = endedBy === null ? `ended with code ${code}` : `was ended by ${endedBy}`;
      reject(new Error([`${program} ${args[0]} ${how}`, ...tail].join("\n")));
    });
  });
}
