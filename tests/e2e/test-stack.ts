import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Digest } from "@updraft/contracts/digest";
import { GateReport } from "@updraft/contracts/gate";
import { z } from "zod";

const checkout = join(import.meta.dirname, "../..");

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  /** Standard output and error, in that order. */
  readonly output: string;
}

const StackOutputs = z.object({
  url: z.url(),
  predictUrl: z.url(),
  trackerUrl: z.url(),
  model: z.object({ name: z.string(), version: z.string(), digest: Digest }),
  metrics: z.record(z.string(), z.number()),
  gate: GateReport,
  datasetDigest: Digest,
  runUrl: z.url(),
});
export type StackOutputs = z.infer<typeof StackOutputs>;

/** Configuration by chapter; what is given goes over the small, quick settings of the tests. */
export type StackConfig = Readonly<Record<string, unknown>>;

/**
 * A stack of the real program on free ports, with its backend, configuration and files in a
 * temporary folder of its own.
 */
export class TestStack {
  readonly folder: string;
  readonly ports: { readonly inference: number; readonly tracker: number };
  readonly #name: string;

  private constructor(name: string, folder: string, ports: TestStack["ports"]) {
    this.#name = name;
    this.folder = folder;
    this.ports = ports;
  }

  static async create(name: string): Promise<TestStack> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), `updraft-${name}-`)));
    await mkdir(join(folder, "backend"));
    const [inference, tracker] = await freePorts(2);
    const ports = { inference: inference ?? 0, tracker: tracker ?? 0 };
    const stack = new TestStack(`e2e-${name}-${process.pid}`, folder, ports);
    await stack.configure({});
    await stack.#init();
    return stack;
  }

  /** Where the stack keeps its files. */
  get storePath(): string {
    return join(this.folder, "files");
  }

  /** Sets the whole configuration anew. */
  async configure(config: StackConfig): Promise<void> {
    const chapters: StackConfig = {
      model: quickModel,
      gate: { minAccuracy: 0.8 },
      inference: { port: this.ports.inference },
      tracker: { port: this.ports.tracker },
      store: { path: this.storePath },
      ...config,
    };
    const keys = Object.entries(chapters).map(([key, value]) => [`updraft:${key}`, value]);
    // JSON is YAML.
    await writeFile(this.#configFile, JSON.stringify({ config: Object.fromEntries(keys) }));
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

  async outputs(): Promise<StackOutputs> {
    const { output } = await this.pulumi("stack", "output", "--json");
    return StackOutputs.parse(JSON.parse(output));
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
    return this.#spawn([...args, "--stack", this.#name, ...config]);
  }

  /** Takes the stack down, whatever state it is in, and removes its folder. */
  async cleanUp(): Promise<void> {
    await this.destroy();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #init(): Promise<void> {
    const created = await resultOf(this.#spawn(["stack", "init", this.#name, "--no-select"]));
    if (created.code !== 0) throw new Error(created.output);
    // It keeps the salt of the passphrase there; the state has it too, and our own file is used.
    await rm(join(checkout, `Pulumi.${this.#name}.yaml`), { force: true });
  }

  #spawn(args: readonly string[]): ChildProcess {
    return spawn("pulumi", [...args, "--non-interactive"], {
      cwd: checkout,
      env: {
        ...process.env,
        PULUMI_BACKEND_URL: `file://${this.folder}/backend`,
        PULUMI_CONFIG_PASSPHRASE: "for tests only",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  get #configFile(): string {
    return join(this.folder, `Pulumi.${this.#name}.yaml`);
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
  const [out, error, code] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    ended,
  ]);
  return { code, output: out + error };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
