import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CommandResult, resultOf } from "../../e2e/pulumi-stack.ts";
import { isRecord } from "./wire-values.ts";
import { withPluginsOnPath } from "./plugins-on-path.ts";

const require = createRequire(import.meta.url);

/** A resource as the state has it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly delete?: boolean;
  readonly initErrors?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A small Pulumi program in a temporary folder, with a stack, a backend and state of its own. */
export class TestProgram {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#env = env;
  }

  static async create(name: string, env: NodeJS.ProcessEnv): Promise<TestProgram> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), `updraft-${name}-`)));
    await mkdir(join(folder, "backend"));
    await linkPackages(folder);
    const project = {
      name,
      main: "index.ts",
      runtime: { name: "nodejs", options: { typescript: false } },
    };
    await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify(project));
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    const program = new TestProgram(folder, {
      ...withPluginsOnPath(env),
      PULUMI_BACKEND_URL: pathToFileURL(join(folder, "backend")).href,
      PULUMI_CONFIG_PASSPHRASE: "for tests",
      PULUMI_CONFIG_PASSPHRASE_FILE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
    await program.#succeed("stack", "init", "test");
    return program;
  }

  /** Replaces the program; `pulumi` and `k8s` are the SDKs. */
  async write(source: string): Promise<void> {
    const imports = `import * as pulumi from "@pulumi/pulumi";\nimport * as k8s from "@pulumi/kubernetes";\nvoid pulumi;\n`;
    await writeFile(join(this.folder, "index.ts"), imports + source);
  }

  up(...args: string[]): Promise<CommandResult> {
    return this.pulumi("up", "--yes", "--skip-preview", ...args);
  }

  preview(...args: string[]): Promise<CommandResult> {
    return this.pulumi("preview", ...args);
  }

  refresh(): Promise<CommandResult> {
    return this.pulumi("refresh", "--yes", "--skip-preview");
  }

  destroy(): Promise<CommandResult> {
    return this.pulumi("destroy", "--yes", "--skip-preview");
  }

  /** The stack's outputs, secrets as `[secret]`. */
  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const outputs: unknown = JSON.parse(await this.#succeed("stack", "output", "--json"));
    return isRecord(outputs) ? outputs : {};
  }

  /** The resources in the state, those of the provider and the stack left out. */
  async resources(): Promise<readonly StateResource[]> {
    const state = JSON.parse(await this.#succeed("stack", "export")) as {
      deployment: { resources?: StateResource[] };
    };
    return (state.deployment.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
  }

  pulumi(...args: string[]): Promise<CommandResult> {
    return resultOf(this.start(...args));
  }

  start(...args: string[]): ChildProcess {
    return spawn("pulumi", [...args, "--stack", "test", "--non-interactive"], {
      cwd: this.folder,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Takes away what the program made, and the program. */
  async remove(): Promise<void> {
    await this.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #succeed(...args: string[]): Promise<string> {
    const child = args[1] === "init" ? this.#startInit() : this.start(...args);
    const { code, output, stdout } = await resultOf(child);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed: ${output}`);
    return stdout;
  }

  #startInit(): ChildProcess {
    return spawn("pulumi", ["stack", "init", "test", "--non-interactive"], {
      cwd: this.folder,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}

/** Lets the program find the SDKs that the checkout has. */
async function linkPackages(folder: string): Promise<void> {
  const scope = join(folder, "node_modules", "@pulumi");
  await mkdir(scope, { recursive: true });
  for (const name of ["pulumi", "kubernetes"]) {
    const installed = dirname(require.resolve(`@pulumi/${name}/package.json`));
    await symlink(installed, join(scope, name));
  }
}
