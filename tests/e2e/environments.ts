import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@updraft/contracts/free-port";
import { type CommandResult, quickModel, resultOf, type StackConfig } from "./pulumi-stack.ts";
import { StackOutputs } from "./test-stack.ts";

const checkout = join(import.meta.dirname, "../..");

/** Commands of the platform that are run as a user runs them. */
type Command = "plan" | "rollback" | "ephemeral" | "sweep" | "verify-teardown" | "smoke";

/**
 * Several stacks of target local in one backend, with their configurations where the platform's
 * commands look for them.
 */
export class Environments {
  readonly folder: string;
  readonly #stacks = new Map<string, { readonly inference: number; readonly tracker: number }>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Environments> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "updraft-environments-")));
    await mkdir(join(folder, "backend"));
    return new Environments(folder);
  }

  /** The name of a stack in the backend: no other test has it. */
  name(stack: string): string {
    return `e2e-${stack}-${process.pid}`;
  }

  /** Sets the configuration of a stack anew, over the small, quick settings of the tests. */
  async configure(stack: string, config: StackConfig = {}): Promise<void> {
    const ports = this.#stacks.get(stack) ?? {
      inference: await freePort(),
      tracker: await freePort(),
    };
    this.#stacks.set(stack, ports);
    const chapters = {
      model: quickModel,
      gate: { minAccuracy: 0.8 },
      tracker: { port: ports.tracker },
      store: { path: this.storePath(stack) },
      ...config,
      inference: { port: ports.inference, ...(config["inference"] as object | undefined) },
    };
    const keys = Object.entries(chapters).map(([key, value]) => [`updraft:${key}`, value]);
    // JSON is YAML.
    const text = JSON.stringify({ config: Object.fromEntries(keys) });
    await writeFile(this.configFile(stack), text);
  }

  /** Adds an encrypted value to the configuration, and makes the stack if it is not there. */
  async setSecret(stack: string, key: string, value: string): Promise<void> {
    const name = this.name(stack);
    await resultOf(this.start("pulumi", ["stack", "init", name, "--no-select"]));
    const set = ["config", "set", "--secret", key, value, "--stack", name];
    const { code, output } = await resultOf(this.start("pulumi", set));
    if (code !== 0) throw new Error(output);
  }

  /** A template of stacks that do not last, with the small settings of the tests: its path. */
  async template(): Promise<string> {
    const file = join(this.folder, "template.yaml");
    const chapters = {
      model: quickModel,
      gate: { minAccuracy: 0.8 },
      store: { path: join(this.folder, "<stack>") },
    };
    const keys = Object.entries(chapters).map(([key, value]) => [`updraft:${key}`, value]);
    await writeFile(file, JSON.stringify({ config: Object.fromEntries(keys) }));
    return file;
  }

  storePath(stack: string): string {
    return join(this.folder, stack);
  }

  configFile(stack: string): string {
    return join(checkout, `Pulumi.${this.name(stack)}.yaml`);
  }

  /** Address of a stack's tracker, whether or not it is up. */
  trackerUrl(stack: string): string {
    return `http://127.0.0.1:${this.#stacks.get(stack)?.tracker}`;
  }

  async up(stack: string): Promise<CommandResult> {
    return resultOf(await this.startUp(stack));
  }

  /** Starts an update without waiting for its end, and makes the stack if it is not there. */
  async startUp(stack: string): Promise<ChildProcess> {
    const name = this.name(stack);
    await resultOf(this.start("pulumi", ["stack", "init", name, "--no-select"]));
    return this.start("pulumi", ["up", "--yes", "--skip-preview", "--stack", name]);
  }

  async outputs(stack: string): Promise<StackOutputs & { readonly release: unknown }> {
    const args = ["stack", "output", "--json", "--stack", this.name(stack)];
    const { stdout } = await resultOf(this.start("pulumi", args));
    return { ...StackOutputs.parse(JSON.parse(stdout)), release: JSON.parse(stdout).release };
  }

  destroy(stack: string): Promise<CommandResult> {
    const name = this.name(stack);
    return resultOf(this.start("pulumi", ["destroy", "--yes", "--skip-preview", "--stack", name]));
  }

  /** Takes the lock off that a killed command has left, in Pulumi's own way. */
  async unlock(stack: string): Promise<void> {
    await resultOf(this.start("pulumi", ["cancel", "--yes", "--stack", this.name(stack)]));
  }

  /** Runs a command of the platform. */
  command(command: Command, ...args: string[]): Promise<CommandResult> {
    return resultOf(this.startCommand(command, ...args));
  }

  startCommand(command: Command, ...args: string[]): ChildProcess {
    const script = join(checkout, "infra/commands", command, "main.ts");
    return this.start(process.execPath, [script, ...args]);
  }

  start(program: string, args: readonly string[]): ChildProcess {
    return spawn(program, [...args], {
      cwd: checkout,
      env: {
        ...process.env,
        PULUMI_BACKEND_URL: `file://${this.folder}/backend?metadata=skip`,
        PULUMI_CONFIG_PASSPHRASE: "for tests only",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
        UPDRAFT_ACTOR: "ada",
      },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that it can be killed with what it has started itself.
      detached: true,
    });
  }

  /** Takes everything down, whatever state it is in. */
  async cleanUp(): Promise<void> {
    for (const stack of [...this.#stacks.keys()].toReversed()) {
      await this.unlock(stack);
      await this.destroy(stack);
      await rm(this.configFile(stack), { force: true });
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Kills a command, with the processes of its group, as soon as it has said something.
 * @returns what it had said
 */
export async function killWhenItSays(child: ChildProcess, words: string): Promise<string> {
  const ended = once(child, "exit");
  let seen = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(words) && child.exitCode === null)
        process.kill(-(child.pid ?? 0), "SIGKILL");
    });
  }
  await ended;
  if (!seen.includes(words)) throw new Error(`it never said ${words}:\n${seen}`);
  return seen;
}
