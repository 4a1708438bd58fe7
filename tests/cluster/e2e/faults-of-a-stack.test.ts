import type { ChildProcess } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classify, realDigits } from "../../e2e/digits.ts";
import { quickModel, resultOf } from "../../e2e/pulumi-stack.ts";
import { testCluster } from "../harness/test-cluster.ts";
import { type ClusterOutputs, ClusterStack } from "./cluster-stack.ts";
import { eventually, nameOf } from "./kube.ts";

const digits = realDigits().slice(0, 3);
const onChange = { ...quickModel, retrain: "on-change" };
/** Long enough to be interrupted. */
const slowModel = { ...quickModel, hyperparameters: { epochs: 3 } };

// One stack: a sweep makes its first model; then its parts, its updates and strangers come to grief.
describe("a stack in a cluster, when things go wrong", () => {
  let stack: ClusterStack;
  let first: ClusterOutputs;

  beforeAll(async () => {
    stack = await ClusterStack.create("faults", await testCluster(), 30_181);
  });

  afterAll(() => stack?.cleanUp());

  it("releases the best trial of a sweep", async () => {
    const sweep = {
      strategy: "grid",
      parallelism: 2,
      parameters: { learningRate: [0.000_001, 0.001] },
    };
    await stack.configure({ model: { ...quickModel, sweep } });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    first = await stack.outputs();
    // The other trial has learnt next to nothing.
    expect(first.metrics["accuracy"]).toBeGreaterThan(0.8);
    const { items } = await stack.kube.batch.listNamespacedJob({ namespace: stack.kube.namespace });
    const sweepJob = items.find((job) => nameOf(job).startsWith("sweep-"));
    expect(sweepJob?.status).toMatchObject({ succeeded: 2, completedIndexes: "0,1" });
  });

  it("lets nobody from elsewhere reach database and store, and everybody the predictions", async () => {
    const { namespace } = stack.kube;
    const said = await stack.kube.runScript(
      `import { connect } from "node:net";
       const reach = (host, port) => new Promise((resolve) => {
         const socket = connect({ host, port, timeout: 3000 });
         const end = (word) => { socket.destroy(); resolve(console.log(host.split(".")[0], word)); };
         socket.on("connect", () => end("reached")).on("timeout", () => end("out of reach"));
         socket.on("error", (error) => end(error.code));
       });
       await reach("tracker-database.${namespace}.svc", 5432);
       await reach("store.${namespace}.svc", 9000);
       await reach("inference.${namespace}.svc", 80);`,
      { namespace: "default" },
    );
    expect(said.trim().split("\n")).toEqual([
      "tracker-database out of reach",
      "store out of reach",
      "inference reached",
    ]);
  });

  it("loses nothing when store and database are restarted", async () => {
    for (const name of ["store-0", "tracker-database-0"]) {
      const uid = await uidOf(name);
      await stack.kube.deletePod(name);
      await eventually(`${name} is ready again`, 120, async () => {
        const ready = await stack.kube.readyPods(name.slice(0, -"-0".length));
        return ready.includes(name) && (await uidOf(name)) !== uid;
      });
    }
    expect(await classify(stack.predictUrl, digits)).toHaveLength(3);
    // A new pod reads its package from the restarted store.
    const [server] = await stack.kube.readyPods("inference");
    await stack.kube.deletePod(server ?? "");
    await eventually("two pods serve", 90, async () => {
      const ready = await stack.kube.readyPods("inference");
      return ready.length === 2 && !ready.includes(server ?? "");
    });
    // The champion that the gate compares with is the tracker's.
    await stack.configure({ model: onChange, gate: { minAccuracy: 0.1, maxRegression: 0.9 } });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const { gate } = await stack.outputs();
    expect(gate.rules.map(({ rule }) => rule)).toContain("maxRegression");
  });

  it.each([
    ["Ctrl-C", "SIGINT"],
    ["a killed CLI", "SIGKILL"],
  ] as const)("goes on with the training that runs after %s", async (_, signal) => {
    const model = { ...slowModel, seed: signal === "SIGINT" ? 11 : 12 };
    await stack.configure({ model });
    const running = await interrupt(stack.start("up", "--yes", "--skip-preview"), signal);
    if (signal === "SIGKILL") await stack.pulumi("cancel", "--yes");
    expect(await unfinished()).toEqual([running]);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect((await stack.kube.trainings()).map(nameOf)).toEqual([running]);
    expect((await stack.outputs()).model.digest).not.toBe(first.model.digest);
  });

  /** Stops an update while its training runs. @returns name of the training's Job */
  async function interrupt(update: ChildProcess, signal: NodeJS.Signals): Promise<string> {
    const ended = resultOf(update);
    let name = "";
    await eventually("a training runs", 90, async () => {
      [name = ""] = await unfinished();
      return name !== "" && (await isRunning(name));
    });
    update.kill(signal);
    expect((await ended).code).not.toBe(0);
    return name;
  }

  async function isRunning(job: string): Promise<boolean> {
    const pods = await stack.kube.pods("trainer");
    return pods.some(
      ({ metadata, status }) =>
        metadata?.labels?.["batch.kubernetes.io/job-name"] === job && status?.phase === "Running",
    );
  }

  async function unfinished(): Promise<string[]> {
    const jobs = await stack.kube.trainings();
    return jobs
      .filter(({ status }) => status?.completionTime === undefined && !status?.failed)
      .map(nameOf)
      .filter((name) => name.startsWith("training-"));
  }

  async function uidOf(name: string): Promise<string | undefined> {
    const { namespace } = stack.kube;
    const { items } = await stack.kube.core.listNamespacedPod({ namespace });
    return items.find((pod) => nameOf(pod) === name)?.metadata?.uid;
  }
});
