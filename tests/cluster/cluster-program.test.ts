import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ClusterStack } from "./e2e/cluster-stack.ts";
import { testCluster, type TestCluster } from "./harness/test-cluster.ts";

const folder = join(import.meta.dirname, "../../infra/cluster");
const execute = promisify(execFile);

const Outputs = z.object({
  name: z.string(),
  endpoint: z.string(),
  kubeconfig: z.string(),
  gpu: z.null(),
  costPerHour: z.unknown(),
});

const Kubeconfig = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string() })),
  clusters: z.array(z.object({ cluster: z.record(z.string(), z.string()) })),
  users: z.array(z.object({ user: z.record(z.string(), z.string()) })),
});

/** A stack of the program for clusters, in the backend of one of the platform. */
class ProgramStack {
  readonly name = `cluster-${process.pid}`;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(platform: ClusterStack, kubeconfig: string) {
    this.#folder = platform.folder;
    this.#env = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      PULUMI_BACKEND_URL: `file://${platform.folder}/backend`,
      PULUMI_CONFIG_PASSPHRASE: "for tests only",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    };
  }

  get #configFile(): string {
    return join(this.#folder, "Pulumi.cluster.yaml");
  }

  async init(): Promise<void> {
    await this.#pulumi("stack", "init", this.name, "--no-select");
    // It keeps the salt of the passphrase there; the state has it too, and our own file is used.
    await rm(join(folder, `Pulumi.${this.name}.yaml`), { force: true });
  }

  async up(config: Readonly<Record<string, unknown>>): Promise<string> {
    const keys = Object.entries(config).map(([key, value]) => [`cluster:${key}`, value]);
    await writeFile(this.#configFile, JSON.stringify({ config: Object.fromEntries(keys) }));
    return this.#onStack("up", "--yes", "--skip-preview", "--config-file", this.#configFile);
  }

  async outputs(): Promise<z.infer<typeof Outputs>> {
    return Outputs.parse(
      JSON.parse(await this.#onStack("stack", "output", "--json", "--show-secrets")),
    );
  }

  shownOutputs(): Promise<string> {
    return this.#onStack("stack", "output", "--json");
  }

  destroy(): Promise<string> {
    const config = ["--config-file", this.#configFile];
    return this.#onStack("destroy", "--yes", "--skip-preview", ...config);
  }

  #onStack(...args: string[]): Promise<string> {
    return this.#pulumi(...args, "--stack", this.name);
  }

  async #pulumi(...args: string[]): Promise<string> {
    const options = { cwd: folder, env: this.#env, timeout: 500_000 };
    const { stdout } = await execute("pulumi", [...args, "--non-interactive"], options);
    return stdout;
  }
}

// A cluster that is there is taken over, and the platform finds it by nothing but its stack.
describe("the program for clusters", () => {
  let cluster: TestCluster;
  let platform: ClusterStack;
  let program: ProgramStack;

  beforeAll(async () => {
    cluster = await testCluster();
    const withoutKubeconfig = { ...cluster, env: { ...cluster.env, KUBECONFIG: "/nowhere" } };
    platform = await ClusterStack.create("taken", withoutKubeconfig, 30_191);
    program = new ProgramStack(platform, cluster.kubeconfig);
    await program.init();
  });

  afterAll(async () => {
    await program?.destroy();
    await platform?.cleanUp();
  });

  it("takes over a cluster that is there, and makes nothing of its own", async () => {
    const costPerHour = { currency: "EUR", always: 2, perGpuNode: 3, atMost: 8 };
    expect(await program.up({ provider: "existing", costPerHour })).toMatch(/\+ 1 created\n/);
    const { kubeconfig, ...outputs } = await program.outputs();
    const ambient = Kubeconfig.parse(parse(await readFile(cluster.kubeconfig, "utf8")));
    expect(outputs).toEqual({
      name: ambient["current-context"],
      endpoint: ambient.clusters[0]?.cluster["server"],
      gpu: null,
      costPerHour: {
        currency: "EUR",
        always: 2,
        perGpuNode: { gpu: 3 },
        atMost: 8,
        source: "cluster:costPerHour",
      },
    });
    expect(JSON.parse(await program.shownOutputs())).toMatchObject({ kubeconfig: "[secret]" });
    const given = Kubeconfig.parse(parse(kubeconfig));
    expect(Object.keys(given.clusters[0]?.cluster ?? {})).toEqual([
      "server",
      "certificate-authority-data",
    ]);
    expect(given.contexts.map(({ name }) => name)).toEqual([outputs.name]);
  });

  it("leads the platform to it, which knows no kubeconfig of its own", async () => {
    const clusterStack = `organization/updraft-cluster/${program.name}`;
    await platform.configure({ kubernetes: { clusterStack: "organization/updraft-cluster/none" } });
    expect((await platform.preview()).output).toContain("updraft:kubernetes.clusterStack");
    await platform.configure({ kubernetes: { clusterStack } });
    const { code, output } = await platform.preview();
    expect(output).toContain("updraft:platform:Inference");
    expect(code).toBe(0);
  });

  it("fails where the cluster is none that answers, and says which key is meant", async () => {
    const file = join(platform.folder, "away");
    const text = await readFile(cluster.kubeconfig, "utf8");
    await writeFile(file, text.replace(/https:[^\s"]+/, "https://127.0.0.1:1"));
    await expect(program.up({ provider: "existing", kubeconfig: file })).rejects.toMatchObject({
      stdout: expect.stringContaining(
        "at https://127.0.0.1:1 cannot be asked (ECONNREFUSED); start it or log in again, or set another context",
      ),
    });
  });
});

const kindProblem = await problemOfKind();
if (kindProblem !== undefined) {
  process.stdout.write(`a cluster of kind is not tried: ${kindProblem}\n`);
}

describe.skipIf(kindProblem !== undefined)("the program for clusters, with kind", () => {
  let platform: ClusterStack;
  let program: ProgramStack;

  beforeAll(async () => {
    platform = await ClusterStack.create("kind", await testCluster(), 30_192);
    program = new ProgramStack(platform, "/nowhere");
    await program.init();
  });

  afterAll(async () => {
    await program?.destroy();
    await platform?.cleanUp();
  });

  it("makes a cluster in containers, tells how it is reached, and takes it down", async () => {
    const [image] = await nodeImages();
    const name = program.name;
    await program.up({ provider: "kind", name, workers: 0, image });
    const file = join(platform.folder, "kind-kubeconfig");
    await writeFile(file, (await program.outputs()).kubeconfig);
    const { stdout } = await execute("kubectl", [
      "--kubeconfig",
      file,
      "get",
      "nodes",
      "-o",
      "name",
    ]);
    expect(stdout).toBe(`node/${name}-control-plane\n`);
    await program.destroy();
    expect((await execute("kind", ["get", "clusters"])).stdout.split("\n")).not.toContain(name);
  });
});

/** Why no cluster of kind can be had here, where none can. */
async function problemOfKind(): Promise<string | undefined> {
  for (const [program, ...args] of [
    ["kind", "version"],
    ["docker", "info"],
  ] as const) {
    try {
      await execute(program, args);
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      return isMissing ? `${program} is not on PATH` : `${program} ${args.join(" ")} fails`;
    }
  }
  if ((await nodeImages()).length > 0) return undefined;
  return "docker has no image kindest/node; docker pull kindest/node:<version>";
}

async function nodeImages(): Promise<string[]> {
  const format = "{{.Repository}}:{{.Tag}}";
  const { stdout } = await execute("docker", ["image", "ls", "kindest/node", "--format", format]);
  return stdout.split("\n").filter((line) => line !== "");
}
