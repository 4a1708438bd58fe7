import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const execute = promisify(execFile);

/** How every container is started here: as the cluster does it, and as far as docker can. */
const asInACluster = [
  "--rm",
  "--read-only",
  "--tmpfs=/tmp:mode=1777",
  "--user=1000:1000",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
];

/** Runs docker to its end. */
export async function docker(args: readonly string[]): Promise<string> {
  const { stdout } = await execute("docker", [...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** Runs a command in a container without a network; both of its outputs. */
export async function runInside(
  image: string,
  command: readonly string[],
  flags: readonly string[] = [],
): Promise<{ readonly code: number; readonly output: string; readonly errors: string }> {
  const args = ["run", "--network=none", ...asInACluster, ...flags, image, ...command];
  const child = spawn("docker", args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const [code] = await once(child, "close");
  return { code, output: output.trim(), errors: errors.trim() };
}

/** What a shell in the image prints. */
export async function shell(image: string, script: string): Promise<string> {
  const { output } = await runInside(image, ["-c", script], ["--entrypoint=/bin/sh"]);
  return output;
}

/** A service in a container that listens on this machine until the test ends. */
export interface RunningContainer {
  /** Waits until the address answers with 200, two minutes at most. */
  answers(url: string): Promise<string>;
  /** As a cluster stops a pod; the exit code. */
  stop(): Promise<number>;
}

/** Starts a service; what it prints is part of the error if it ends too early. */
export async function startService(
  image: string,
  variables: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<RunningContainer> {
  const settings = Object.entries(variables).map(([key, value]) => `--env=${key}=${value}`);
  const kept = asInACluster.filter((flag) => flag !== "--rm");
  const args = ["run", "--detach", "--network=host", ...kept, ...settings, ...flags, image];
  const id = await docker(args);
  onTestFinished(async () => void (await docker(["rm", "--force", id])));
  const isRunning = async () =>
    (await docker(["inspect", "-f", "{{.State.Running}}", id])) === "true";
  return {
    async answers(url) {
      const deadline = Date.now() + 120_000;
      for (;;) {
        const answer = await fetch(url).catch(() => undefined);
        if (answer?.status === 200) return answer.text();
        if (!(await isRunning()) || Date.now() > deadline) {
          throw new Error(`${url} does not answer:\n${await docker(["logs", "--tail=20", id])}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    async stop() {
      await docker(["stop", "--time=30", id]);
      return Number(await docker(["inspect", "-f", "{{.State.ExitCode}}", id]));
    },
  };
}
