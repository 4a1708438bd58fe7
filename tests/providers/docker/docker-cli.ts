import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { ImageInputs } from "./image-inputs.ts";

/** Lines of an error output that an error repeats. */
const keptLines = 15;

/** The docker command, with the environment that says which daemon it talks to. */
export interface DockerCli {
  /** @throws if the daemon does not answer */
  ping(): Promise<void>;
  /** Builds and tags an image; each line of the output goes to `onLine`. */
  build(image: ImageInputs, onLine: (line: string) => void): Promise<void>;
  push(image: ImageInputs, onLine: (line: string) => void): Promise<void>;
  /** The image's id and the names that it has in registries, by digest. */
  inspect(name: string): Promise<{ readonly id: string; readonly repoDigests: readonly string[] }>;
  /** Ends what is running. */
  stop(): void;
}

/** @param host of the daemon, where it is not what DOCKER_HOST says */
export function createDockerCli(host: string | undefined): DockerCli {
  const env = { ...process.env, ...(host === undefined ? {} : { DOCKER_HOST: host }) };
  const stopping = new AbortController();
  const run: Run = (args, options = {}) =>
    runDocker(args, { env, signal: stopping.signal, ...options });
  return {
    ping: async () => {
      await run(["version", "--format", "{{.Server.Version}}"]).catch((error: unknown) => {
        const at = env["DOCKER_HOST"] ?? "its usual address";
        throw new Error(`failed to connect to the docker daemon at ${at}`, { cause: error });
      });
    },
    build: (image, onLine) => build(run, image, onLine),
    push: async (image, onLine) =>
      withRegistry(image, async (config) => {
        await run([...config, "push", image.name], { onLine });
      }),
    inspect: async (name) => {
      const [image] = JSON.parse(await run(["image", "inspect", name]));
      return { id: image.Id, repoDigests: image.RepoDigests ?? [] };
    },
    stop: () => stopping.abort(),
  };
}

interface RunOptions {
  readonly program?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

type Run = (args: readonly string[], options?: RunOptions) => Promise<string>;

async function build(run: Run, image: ImageInputs, onLine: (line: string) => void): Promise<void> {
  const { context, dockerfile, args, cacheFrom, platform, target, network } = image.build;
  const buildKit =
    image.build.builder === "BuilderBuildKit" ? await programWithBuildKit(run) : undefined;
  if (image.build.builder === "BuilderBuildKit" && buildKit === undefined) {
    onLine("no docker command on PATH has BuildKit; the first generation of builders does it");
  }
  const flags = [
    ["--file", dockerfile],
    ["--tag", image.name],
    // Without BuildKit the command asks for an experimental daemon before it takes a platform.
    ...(buildKit === undefined ? [] : [["--platform", platform]]),
    ...(target === undefined ? [] : [["--target", target]]),
    ...(network === undefined ? [] : [["--network", network]]),
    ...Object.entries(args).map(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...cacheFrom.map((name) => ["--cache-from", name]),
  ];
  await withRegistry(image, async (config) => {
    await run([...config, "build", ...flags.flat(), context], {
      program: buildKit ?? "docker",
      env: { DOCKER_BUILDKIT: buildKit === undefined ? "0" : "1", BUILDKIT_PROGRESS: "plain" },
      onLine,
    });
  });
}

/** The first docker command on PATH that has BuildKit: of a version before 23, or with buildx. */
async function programWithBuildKit(run: Run): Promise<string | undefined> {
  for (const program of programsOnPath("docker")) {
    const version = await run(["version", "--format", "{{.Client.Version}}"], { program });
    if (Number.parseInt(version, 10) < 23) return program;
    const hasBuildx = await run(["buildx", "version"], { program }).catch(() => undefined);
    if (hasBuildx !== undefined) return program;
  }
  return undefined;
}

function programsOnPath(name: string): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((entry) => entry !== "");
  return folders
    .map((folder) => join(folder, name))
    .filter((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Gives the command the credentials of the inputs, in a folder that only this call has. */
async function withRegistry(
  { registry, name }: ImageInputs,
  action: (config: readonly string[]) => Promise<void>,
): Promise<void> {
  const { username, password } = registry;
  if (username === undefined || password === undefined) return action([]);
  const folder = await mkdtemp(join(tmpdir(), "docker-config-"));
  try {
    const home = process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
    const own = await readFile(join(home, "config.json"), "utf8").catch(() => "{}");
    const config = JSON.parse(own);
    const server = registry.server ?? name.split("/")[0] ?? "";
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    const merged = { ...config, auths: { ...config.auths, [server]: { auth } } };
    await writeFile(join(folder, "config.json"), JSON.stringify(merged), { mode: 0o600 });
    await action(["--config", folder]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function runDocker(args: readonly string[], options: RunOptions): Promise<string> {
  const { program = "docker", env, signal, onLine } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      signal,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const lines: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (line.trim() === "") return;
        lines.push(line);
        if (lines.length > keptLines) lines.shift();
        onLine?.(line);
      });
    }
    child.once("error", (error) => reject(new Error(`${program}: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) resolve(output.trim());
      else reject(new Error(`docker ${words(args)} failed:\n${lines.join("\n")}`));
    });
  });
}

/** The command's name, without what may hold credentials. */
function words(args: readonly string[]): string {
  return args
    .filter((arg) => ["build", "push", "image", "inspect", "version"].includes(arg))
    .join(" ");
}
