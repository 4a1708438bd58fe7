import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classify, realDigits } from "../../e2e/digits.ts";
import { quickModel } from "../../e2e/pulumi-stack.ts";
import { TestStack } from "../../e2e/test-stack.ts";
import { testCluster, type TestCluster } from "../harness/test-cluster.ts";
import { ClusterStack } from "./cluster-stack.ts";
import { nameOf } from "./kube.ts";
import { StackOfACluster } from "./stack-of-a-cluster.ts";

// A stack of this machine, one that has made a cluster, and one in that cluster: of one backend.
describe("a stack in the cluster of another stack, which promotes what a laptop has released", () => {
  let cluster: TestCluster;
  let laptop: TestStack;
  let lab: StackOfACluster;
  let prod: ClusterStack;
  let rights: Record<string, string | undefined>;

  beforeAll(async () => {
    cluster = await testCluster();
    laptop = await TestStack.create("laptop");
    const { folder } = laptop;
    lab = await StackOfACluster.create(folder, cluster.kubeconfig);
    // There is no other way to the cluster than the one that the stack tells.
    const environment = { KUBECONFIG: join(folder, "no-kubeconfig") };
    prod = await ClusterStack.create("from-laptop", cluster, 30_184, {
      neighbour: laptop,
      environment,
    });
  });

  afterAll(async () => {
    await prod?.destroy();
    await laptop?.cleanUp();
  });

  it("is of a laptop that has released something", async () => {
    const released = await laptop.up();
    expect(released.code, released.output).toBe(0);
  });

  it.each([
    [
      "organization/some-cluster/none",
      "there is no stack organization/some-cluster/none in this backend (organization/some-cluster/lab); bring the cluster up first",
    ],
    [
      "organization/some-cluster/lab",
      "organization/some-cluster/lab has no output kubeconfig; bring it up",
    ],
  ])("is told what is wrong with the stack %s", async (clusterStack, problem) => {
    await configure({ kubernetes: { clusterStack } });
    const up = await prod.up();
    expect(up.code).not.toBe(0);
    expect(up.output).toContain(`updraft:kubernetes.clusterStack: ${problem}`);
  });

  it("serves the laptop's package, which it has brought into the cluster", async () => {
    const made = await lab.up();
    expect(made.code, made.output).toBe(0);
    await configure({});
    const up = await prod.up();
    expect(up.code, up.output).toBe(0);
    const { model, release } = await prod.outputs();
    expect(model).toEqual({ ...(await laptop.outputs()).model, version: "1" });
    expect(release.promotedFrom).toMatchObject({ stack: laptop.name, version: "1" });
    expect(release.uri).toMatch(/^s3:/);
    expect(await classify(prod.predictUrl, realDigits())).toHaveLength(10);
    const [job, ...others] = await prod.kube.trainings();
    expect([job && nameOf(job), ...others]).toEqual([expect.stringMatching(/^promotion-/)]);
    rights = await prod.kube.trainerRights();
  });

  it("keeps the kubeconfig encrypted in its state", async () => {
    const { stdout } = await prod.pulumi("stack", "export");
    const written = await readFile(cluster.kubeconfig, "utf8");
    const key = /"?client-key-data"?: ?"?([\w+/=]+)/.exec(written)?.[1];
    expect(key).toMatch(/.{100}/);
    expect(stdout).not.toContain(key);
    expect(stdout).toContain('"kubeconfig"');
  });

  it("trains by itself without taking anything from the trainer in between", async () => {
    await configure({ promotion: undefined, model: { ...quickModel, retrain: "on-change" } });
    const up = await prod.up();
    expect(up.code, up.output).toBe(0);
    const [job, ...others] = await prod.kube.trainings();
    expect([job && nameOf(job), ...others]).toEqual([expect.stringMatching(/^training-/)]);
    expect(await prod.kube.trainerRights()).toEqual(rights);
  });

  it("takes the trainer's objects over from where only trainings had them", async () => {
    const file = join(prod.folder, "state.json");
    await writeFile(file, stateOfOld((await prod.pulumi("stack", "export")).stdout));
    const imported = await prod.pulumi("stack", "import", "--file", file);
    expect(imported.code, imported.output).toBe(0);
    const up = await prod.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).not.toMatch(
      /kubernetes:\S+ training-(account|role|policy)\S* (creat|delet|replac)/,
    );
    expect(await prod.kube.trainerRights()).toEqual(rights);
  });

  async function configure(config: object): Promise<void> {
    await prod.configure({
      model: { name: "digits", dataset: "mnist-10k" },
      promotion: { fromStack: laptop.name },
      kubernetes: { clusterStack: lab.name },
      ...config,
    });
  }
});

/** The state as it was while the trainer's objects were a training's. */
function stateOfOld(exported: string): string {
  const rights = "updraft:platform:Environment$updraft:platform:TrainerRights";
  const training = "updraft:platform:Training";
  const moved = exported
    .replaceAll(`::${rights}$kubernetes:`, `::${training}$kubernetes:`)
    .replaceAll(`::${rights}::trainer`, `::${training}::training`);
  const state = JSON.parse(moved) as { deployment: { resources: { type: string }[] } };
  const { resources } = state.deployment;
  // There was one parent for all of it.
  state.deployment.resources = resources.filter(
    ({ type }) => type !== "updraft:platform:TrainerRights",
  );
  return JSON.stringify(state);
}
