import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { classify, realDigits } from "../../e2e/digits.ts";
import { quickModel } from "../../e2e/pulumi-stack.ts";
import { testCluster, type TestCluster } from "../harness/test-cluster.ts";
import { type ClusterOutputs, ClusterStack } from "./cluster-stack.ts";
import { eventually, nameOf } from "./kube.ts";
import { leftoversOf } from "./leftovers.ts";
import { busyLoad, steadyLoad } from "./load.ts";

const gpu = { nodes: { names: ["gpu-1"] } };
const cpuImage = { trainerTarget: "cpu" };
const twoEpochs = { ...quickModel, hyperparameters: { epochs: 2 } };
const onChange = { ...twoEpochs, retrain: "on-change" };
const digits = realDigits();
const body = JSON.stringify({ instances: digits.slice(0, 1).map(({ pixels }) => pixels) });
const requestsPerSecond = 200;

// One stack from its first update to its end: each test goes on where the one before it stopped.
describe("a stack in a cluster", () => {
  let cluster: TestCluster;
  let stack: ClusterStack;
  let first: ClusterOutputs;
  let second: ClusterOutputs;

  beforeAll(async () => {
    cluster = await testCluster();
    stack = await ClusterStack.create("life", cluster, 30_180);
  });

  afterAll(() => stack?.cleanUp());

  const podUids = async () =>
    (await stack.kube.pods("inference")).map(({ metadata }) => metadata?.uid);
  const isServing = async () =>
    expect(await classify(stack.predictUrl, digits.slice(0, 1))).toHaveLength(1);

  it("trains on the GPU node, gates, registers and serves with its first update", async () => {
    await stack.configure({ gpu, images: cpuImage });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    first = await stack.outputs();
    expect(first.model).toMatchObject({ name: "digits", version: "1" });
    expect(first.gate).toMatchObject({ verdict: "passed" });
    const [trainer] = await stack.kube.pods("trainer");
    expect(trainer?.spec?.nodeName).toBe("gpu-1");
    expect(trainer?.spec?.containers[0]?.resources?.limits).toMatchObject({
      "nvidia.com/gpu": "1",
    });
    // The training's own words, while it ran.
    expect(up.output).toMatch(/epoch 1\/1/);
    expect(up.output).toMatch(/kubectl .*logs/);
    await eventually("two pods serve", 60, async () => {
      return (await stack.kube.readyPods("inference")).length === 2;
    });
  });

  it("answers from outside through the Service, and inside by its DNS name", async () => {
    const answers = await classify(stack.predictUrl, digits);
    const right = answers.filter((answer, index) => answer === digits[index]?.label);
    expect(right.length).toBeGreaterThanOrEqual(8);
    const said = await stack.kube.runScript(
      `const answer = await fetch(${JSON.stringify(first.predictUrl)}, { method: "POST", body: ${JSON.stringify(body)} });
       console.log(answer.status, await answer.text());`,
      { namespace: "default" },
    );
    expect(first.predictUrl).toContain(`inference.${stack.kube.namespace}.svc`);
    expect(said).toMatch(/^200 \{"predictions":/);
  });

  it("trains again with the next update, gets the same digest and rolls out nothing", async () => {
    const before = await podUids();
    const [firstRun] = await stack.kube.trainings();
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect((await stack.outputs()).model).toEqual(first.model);
    expect(await podUids()).toEqual(before);
    const runs = await stack.kube.trainings();
    expect(runs).toHaveLength(1);
    expect(runs.map(nameOf)).not.toEqual([firstRun].map((run) => run && nameOf(run)));
  });

  it("rolls a changed hyperparameter out without a failed request", async () => {
    await stack.configure({ gpu, images: cpuImage, model: twoEpochs });
    const load = steadyLoad(stack.predictUrl, body, requestsPerSecond);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(requestsPerSecond);
    second = await stack.outputs();
    expect(second.model.version).toBe("2");
    expect(second.model.digest).not.toBe(first.model.digest);
    const [pod] = await stack.kube.pods("inference");
    expect(pod?.metadata?.annotations).toMatchObject({
      "updraft.dev/model-digest": second.model.digest,
    });
  });

  it("fails an update whose gate fails, with the table, and leaves the pods alone", async () => {
    const before = await podUids();
    await stack.configure({ gpu, images: cpuImage, gate: { minAccuracy: 0.9999 } });
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.output).toMatch(/minAccuracy +0\.\d+ +0\.9999 +failed/);
    expect(up.output).not.toMatch(/timed out/);
    expect((await stack.outputs()).model).toEqual(second.model);
    expect(await podUids()).toEqual(before);
    await isServing();
  });

  it("heals with the gate back, and changes nothing where nothing changed", async () => {
    await stack.configure({ model: onChange });
    const healed = await stack.up();
    expect(healed.code, healed.output).toBe(0);
    expect((await stack.outputs()).model).toEqual(second.model);
    const before = await stack.kube.trainings();
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).not.toMatch(/created|updated|replaced/);
    expect((await stack.kube.trainings()).map(nameOf)).toEqual(before.map(nameOf));
  });

  it("serves on with the old pods while a new image crashes, and heals", async () => {
    const before = await stack.kube.readyPods("inference");
    const impatient = { progressDeadlineSeconds: 30 };
    // Node without a script reads its standard input, which is empty, and ends at once.
    await stack.configure({
      model: onChange,
      images: { server: cluster.images.node },
      inference: impatient,
    });
    const load = steadyLoad(stack.predictUrl, body, 20);
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect((await load.stop()).failures).toEqual([]);
    expect(await stack.kube.readyPods("inference")).toEqual(before);
    await stack.configure({ model: onChange });
    const healed = await stack.up();
    expect(healed.code, healed.output).toBe(0);
  });

  it("loses no request when a node is drained and a pod is deleted", async () => {
    const load = steadyLoad(stack.predictUrl, body, requestsPerSecond);
    try {
      await stack.kube.drain("gpu-1");
      const [pod] = await stack.kube.readyPods("inference");
      await stack.kube.deletePod(pod ?? "");
      await eventually("two pods serve again", 90, async () => {
        return (await stack.kube.readyPods("inference")).length >= 2;
      });
    } finally {
      await stack.kube.cordon("gpu-1", false);
    }
    expect((await load.stop()).failures).toEqual([]);
  });

  it("adds pods under load and takes them away again", async () => {
    const inference = { replicas: { min: 2, max: 4 }, scaleDownStabilizationSeconds: 10 };
    await stack.configure({ model: onChange, inference });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const load = busyLoad(stack.predictUrl, hundredDigits(), 8);
    await eventually("more than two pods serve", 120, async () => {
      return (await stack.kube.readyPods("inference")).length > 2;
    });
    expect((await load.stop()).failures).toEqual([]);
    await eventually("two pods are left", 180, async () => {
      return (await stack.kube.readyPods("inference")).length === 2;
    });
    // Pulumi does not fight the autoscaler over the number.
    const again = await stack.up();
    expect(again.output).not.toMatch(/created|updated|replaced/);
  });

  it("leaves nothing in the cluster with its end", async () => {
    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    // Volumes go a moment after their claims.
    await vi.waitFor(async () => expect(await leftovers()).toEqual([]), 30_000);
    expect(await stack.state()).toEqual({ pendingOperations: [], types: [] });
  });

  function leftovers(): Promise<string[]> {
    return leftoversOf(cluster.kubeconfig, stack.name, stack.kube.namespace);
  }
});

/** A request that keeps a pod busy. */
function hundredDigits(): string {
  const instances = Array.from({ length: 100 }, (_, index) => digits[index % 10]?.pixels ?? []);
  return JSON.stringify({ instances });
}
