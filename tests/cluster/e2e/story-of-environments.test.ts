import { SourceVariables } from "@updraft/contracts/promotion-source";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { classify, realDigits } from "../../e2e/digits.ts";
import { quickModel, resultOf } from "../../e2e/pulumi-stack.ts";
import { testCluster, type TestCluster } from "../harness/test-cluster.ts";
import { type ClusterOutputs, ClusterStack } from "./cluster-stack.ts";
import { eventually, nameOf } from "./kube.ts";
import { leftoversOf } from "./leftovers.ts";
import { steadyLoad } from "./load.ts";

const onChange = { ...quickModel, retrain: "on-change" };
/** It learns next to nothing. */
const worseModel = { ...quickModel, hyperparameters: { epochs: 1, learningRate: 0.000_001 } };
const otherModel = { ...quickModel, seed: 7 };
const digits = realDigits();
const body = JSON.stringify({ instances: digits.slice(0, 1).map(({ pixels }) => pixels) });

// Two stacks of one backend in two namespaces: each test goes on where the one before it stopped.
describe("a production stack in a cluster that promotes what development releases", () => {
  let cluster: TestCluster;
  let dev: ClusterStack;
  let prod: ClusterStack;
  let first: ClusterOutputs;
  let second: ClusterOutputs;
  let rights: Record<string, string | undefined>;

  beforeAll(async () => {
    cluster = await testCluster();
    dev = await ClusterStack.create("story-dev", cluster, 30_182);
    prod = await ClusterStack.create("story-prod", cluster, 30_183, { neighbour: dev });
  });

  afterAll(async () => {
    await prod?.destroy();
    await dev?.cleanUp();
  });

  it("is told to be let in, before anything is started", async () => {
    await configureDev({ store: {} });
    await expectUp(dev);
    await configureProd();
    const up = await prod.up();
    expect(up.code).not.toBe(0);
    expect(up.output).toContain(
      `updraft:promotion.fromStack: the store of ${dev.name} lets in no trainer of ${prod.name}; add ${prod.name} to updraft:store.readers of ${dev.name}, and bring ${dev.name} up first`,
    );
    expect((await prod.state()).types.filter((type) => type.startsWith("kubernetes:"))).toEqual([]);
  });

  it("serves the very bytes, evaluated and gated again, and trains nothing", async () => {
    await configureDev({ model: onChange });
    await expectUp(dev);
    await expectUp(prod);
    const released = await dev.outputs();
    first = await prod.outputs();
    expect(first.model).toEqual({ ...released.model, version: "1" });
    expect(first.release.promotedFrom).toMatchObject({
      stack: dev.name,
      version: released.model.version,
      runId: released.release.runId,
      metrics: released.metrics,
    });
    expect(first.release.runId).not.toBe(released.release.runId);
    expect(first.gate.rules).toMatchObject([{ rule: "minAccuracy", limit: 0.75 }]);
    expect(await jobs()).toEqual([expect.stringMatching(/^promotion-/)]);
    expect(await classify(prod.predictUrl, digits)).toHaveLength(10);
    rights = await prod.kube.trainerRights();
  });

  it("keeps the keys of development's store encrypted in its state", async () => {
    const shown = await dev.pulumi("stack", "output", "packageAccess", "--show-secrets", "--json");
    const { AWS_SECRET_ACCESS_KEY: key } = SourceVariables.parse(JSON.parse(shown.stdout));
    expect(key).toMatch(/^\w{40}$/);
    const { stdout } = await prod.pulumi("stack", "export");
    expect(stdout).toContain("promotion-source");
    expect(stdout).not.toContain(key);
  });

  it("is not repeated where nothing has changed", async () => {
    const before = await jobs();
    const up = await expectUp(prod);
    expect(up).not.toMatch(/created|updated|replaced/);
    expect(await jobs()).toEqual(before);
  });

  it("stops a worse release at its own gate, and serves on meanwhile", async () => {
    await configureDev({ model: worseModel, gate: { minAccuracy: 0.01 } });
    await expectUp(dev);
    const load = steadyLoad(prod.predictUrl, body, 50);
    const up = await prod.up();
    const { answered, failures } = await load.stop();
    expect(up.code).not.toBe(0);
    expect(up.output).toMatch(/minAccuracy +0\.\d+ +0\.75 +failed/);
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    expect((await prod.outputs()).model).toEqual(first.model);
  });

  it("goes on with the promotion that runs after a killed CLI", async () => {
    await configureDev({ model: otherModel });
    await expectUp(dev);
    const update = prod.start("up", "--yes", "--skip-preview");
    const ended = resultOf(update);
    let running: string | undefined;
    await eventually("a promotion runs", 90, async () => {
      running = await runningPromotion();
      return running !== undefined;
    });
    update.kill("SIGKILL");
    expect((await ended).code).not.toBe(0);
    await prod.pulumi("cancel", "--yes");
    await expectUp(prod);
    expect(await jobs()).toEqual([running]);
    second = await prod.outputs();
    expect(second.model.digest).toBe((await dev.outputs()).model.digest);
    expect(second.model.digest).not.toBe(first.model.digest);
  });

  it("is back at an earlier version within seconds, and trains nothing for it", async () => {
    const pinned = { pin: first.model.version, pinReason: "the new one mixes up 4 and 9" };
    await configureProd({ inference: pinned });
    const load = steadyLoad(prod.predictUrl, body, 50);
    const up = await expectUp(prod);
    expect((await load.stop()).failures).toEqual([]);
    expect((await prod.outputs()).model).toEqual(first.model);
    const [job, ...others] = await prod.kube.trainings();
    expect([job && nameOf(job), ...others]).toEqual([expect.stringMatching(/^rollback-/)]);
    const took = Number(job?.status?.completionTime) - Number(job?.status?.startTime);
    expect(took).toBeLessThan(20_000);
    expect(up).toContain("kubectl");
    // Nothing of the trainer was taken away and made again under whatever may run.
    expect(await prod.kube.trainerRights()).toEqual(rights);
  });

  it("takes the release over again where the pin is gone", async () => {
    await configureProd();
    await expectUp(prod);
    expect((await prod.outputs()).model).toMatchObject({ digest: second.model.digest });
    expect(await jobs()).toEqual([expect.stringMatching(/^promotion-/)]);
    expect(await prod.kube.trainerRights()).toEqual(rights);
  });

  it("leaves nothing in the cluster with its end, nor does what it has promoted from", async () => {
    const destroyed = await Promise.all([prod.destroy(), dev.destroy()]);
    for (const { code, output } of destroyed) expect(code, output).toBe(0);
    for (const stack of [prod, dev]) {
      await vi.waitFor(async () => expect(await leftovers(stack)).toEqual([]), 30_000);
    }
  });

  /** Nobody looks at what development serves: one pod will do. */
  async function configureDev(config: object): Promise<void> {
    await dev.configure({
      inference: { replicas: { min: 1, max: 1 } },
      store: { readers: [prod.name] },
      ...config,
    });
  }

  /** Its own gate is another one than that of development. */
  async function configureProd(config: object = {}): Promise<void> {
    await prod.configure({
      model: { name: "digits", dataset: "mnist-10k" },
      gate: { minAccuracy: 0.75 },
      promotion: { fromStack: dev.name },
      ...config,
    });
  }

  async function jobs(): Promise<string[]> {
    return (await prod.kube.trainings()).map(nameOf);
  }

  /** Name of the Job of a pod that promotes just now. */
  async function runningPromotion(): Promise<string | undefined> {
    const pods = await prod.kube.pods("trainer");
    const running = pods.find(({ status }) => status?.phase === "Running");
    return running?.metadata?.labels?.["batch.kubernetes.io/job-name"];
  }

  function leftovers(stack: ClusterStack): Promise<string[]> {
    return leftoversOf(cluster.kubeconfig, stack.name, stack.kube.namespace);
  }
});

/** @returns what the update said */
async function expectUp(stack: ClusterStack): Promise<string> {
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  return up.output;
}
