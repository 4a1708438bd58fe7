import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";

const checkout = join(import.meta.dirname, "../..");

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  /** Standard output and error, in that order. */
  readonly output: string;
  /** Standard output alone. */
  readonly stdout: string;
}

/** Configuration by chapter. */
export type StackConfig = Readonly<Record<string, unknown>>;

/**
 * A stack of the real program, with its backend and configuration in a temporary folder of its own.
 */
export class PulumiStack {
  readonly folder: string;
  readonly name: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** @param environment what the commands are run with beside this process' own */
  protected constructor(name: string, folder: string, environment: NodeJS.ProcessEnv = {}) {
    this.name = name;
    this.folder = folder;
    this.#environment = environment;
  }

  /** A folder with an empty backend. */
  protected static async newFolder(name: string): Promise<string> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), `updraft-${name}-`)));
    await mkdir(join(folder, "backend"));
    return folder;
  }

  /** Sets the whole configuration anew. */
  protected async setConfig(chapters: StackConfig): Promise<void> {
    const keys = Object.entries(chapters).map(([key, value]) => [`updraft:${key}`, value]);
    // JSON is YAML.
    await writeFile(this.#configFile, JSON.stringify({ config: Object.fromEntries(keys) }));
  }

  /** Makes the stack in the backend. */
  protected async init(): Promise<void> {
    const created = await resultOf(this.#spawn(["stack", "init", this.name, "--no-select"]));
    if (created.code !== 0) throw new Error(created.output);
    // It keeps the salt of the passphrase there; the state has it too, and our own file is used.
    await rm(join(checkout, `Pulumi.${this.name}.yaml`), { force: true });
  }

  /** Adds an encrypted value to the configuration; the next `configure` forgets it. */
  async setSecret(key: string, value: string): Promise<void> {
    const { code, output } = await this.pulumi("config", "set", "--secret", key, value);
    if (code !== 0) throw new Error(output);
  }

  up(): Promise<CommandResult> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  preview(): Promise<CommandResult> {
    return this.pulumi("preview");
  }

  refresh(): Promise<CommandResult> {
    return this.pulumi("refresh", "--yes", "--skip-preview");
  }

  destroy(): Promise<CommandResult> {
    return this.pulumi("destroy", "--yes", "--skip-preview");
  }

  /** The state as Pulumi keeps it. */
  async state(): Promise<{ pendingOperations: unknown[]; types: string[] }> {
    const { output } = await this.pulumi("stack", "export");
    const state = ExportedState.parse(JSON.parse(output)).deployment;
    return {
      pendingOperations: state.pending_operations,
      types: state.resources.map((resource) => resource.type),
    };
  }

  async pulumi(...args: string[]): Promise<CommandResult> {
    return resultOf(this.start(...args));
  }

  /** Starts a command of the CLI on this stack without waiting for its end. */
  start(...args: string[]): ChildProcess {
    const configured = ["up", "preview", "refresh", "destroy", "config"].includes(args[0] ?? "");
    const config = configured ? ["--config-file", this.#configFile] : [];
    return this.#spawn([...args, "--stack", this.name, ...config]);
  }

  /** Takes the stack down, whatever state it is in, and removes its folder. */
  async cleanUp(): Promise<void> {
    await this.destroy();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #spawn(args: readonly string[]): ChildProcess {
    return spawn("pulumi", [...args, "--non-interactive"], {
      cwd: checkout,
      env: {
        ...process.env,
        ...this.#environment,
        PULUMI_BACKEND_URL: `file://${this.folder}/backend?metadata=skip`,
        PULUMI_CONFIG_PASSPHRASE: "for tests only",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  get #configFile(): string {
    return join(this.folder, `Pulumi.${this.name}.yaml`);
  }
}

/** Settings with which the whole way takes some seconds and the model is still a fair one. */
export const quickModel = { name: "digits", dataset: "mnist-10k", hyperparameters: { epochs: 1 } };

const ExportedState = z.object({
  deployment: z.object({
    pending_operations: z.array(z.unknown()).default([]),
    resources: z.array(z.object({ type: z.string() })).default([]),
  }),
});

/** Waits for a process and collects what it says. */
export async function resultOf(child: ChildProcess): Promise<CommandResult> {
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  const [stdout, stderr, code] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    ended,
  ]);
  return { code, output: stdout + stderr, stdout };
}
