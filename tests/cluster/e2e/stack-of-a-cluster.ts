import { spawn } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CommandResult, resultOf } from "../../e2e/pulumi-stack.ts";

const modules = join(import.meta.dirname, "../../../infra/node_modules");

/** A program as whoever makes clusters may have it: its stack tells a kubeconfig, as a secret. */
const program = `
const pulumi = require("@pulumi/pulumi");
const { readFileSync } = require("node:fs");
exports.kubeconfig = pulumi.secret(readFileSync(new pulumi.Config().require("file"), "utf8"));
`;

/** A stack of another program in a backend, which tells how a cluster is reached. */
export class StackOfACluster {
  /** As other programs refer to it. */
  readonly name = "organization/some-cluster/lab";
  readonly #folder: string;
  readonly #backend: string;

  private constructor(folder: string) {
    this.#folder = join(folder, "some-cluster");
    this.#backend = `file://${folder}/backend`;
  }

  /** @param folder of a test, with its backend */
  static async create(folder: string, kubeconfig: string): Promise<StackOfACluster> {
    const stack = new StackOfACluster(folder);
    await mkdir(stack.#folder);
    // JSON is YAML.
    const settings = { name: "some-cluster", runtime: "nodejs", main: "program.cjs" };
    await writeFile(join(stack.#folder, "Pulumi.yaml"), JSON.stringify(settings));
    await writeFile(join(stack.#folder, "package.json"), JSON.stringify({ name: "some-cluster" }));
    await writeFile(join(stack.#folder, "program.cjs"), program);
    await symlink(modules, join(stack.#folder, "node_modules"));
    for (const args of [
      ["stack", "init", "lab"],
      ["config", "set", "file", kubeconfig],
    ]) {
      const { code, output } = await stack.#pulumi(...args);
      if (code !== 0) throw new Error(output);
    }
    return stack;
  }

  up(): Promise<CommandResult> {
    return this.#pulumi("up", "--yes", "--skip-preview");
  }

  #pulumi(...args: string[]): Promise<CommandResult> {
    const ofStack = args[1] === "init" ? [] : ["--stack", "lab"];
    const env = {
      ...process.env,
      PULUMI_BACKEND_URL: this.#backend,
      PULUMI_CONFIG_PASSPHRASE: "for tests only",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    const options = { cwd: this.#folder, env, stdio };
    return resultOf(spawn("pulumi", [...args, ...ofStack, "--non-interactive"], options));
  }
}
