import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterProblem, testCluster } from "../../../cluster/harness/test-cluster.ts";
import { resultOf } from "../../../e2e/pulumi-stack.ts";
import { TestProgram } from "../../support/test-program.ts";
import { LiveObjects } from "./live-objects.ts";

const namespace = `stand-in-workloads-${process.pid}`;
const ref = (kind: string, name: string, apiVersion = "v1") => ({
  apiVersion,
  kind,
  namespace,
  name,
});

const gated = (answer: string) => `
  const answer = new k8s.core.v1.ConfigMap("answer", {
    metadata: { name: "answer", namespace }, data: { CODE: "${answer}" },
  }, opts);
  const gate = new k8s.batch.v1.Job("gate", {
    metadata: { namespace, annotations: { "pulumi.com/replaceUnready": "true" } },
    spec: { backoffLimit: 0, template: { spec: {
      ...pod("exit $CODE", { envFrom: [{ configMapRef: { name: answer.metadata.name } }] }),
      restartPolicy: "Never",
    } } },
  }, opts);
  export const uid = gate.metadata.uid;
  export const completed = gate.status.completionTime;
`;

describe.skipIf(clusterProblem() !== undefined)("workloads of a program", () => {
  let program: TestProgram;
  let live: LiveObjects;
  let image: string;

  beforeAll(async () => {
    const cluster = await testCluster();
    image = cluster.images.node;
    live = new LiveObjects(cluster.kubeconfig);
    program = await TestProgram.create("workloads", { ...process.env, ...cluster.env });
  });

  afterAll(async () => {
    await program?.remove();
    await live?.delete({ apiVersion: "v1", kind: "Namespace", name: namespace });
  });

  /** The program with its namespace, and `more` below it. */
  async function write(more: string): Promise<void> {
    await program.write(`
      const cluster = new k8s.Provider("cluster", {
        enableServerSideApply: true, enableConfigMapMutable: true, enableSecretMutable: true,
      });
      const opts = { provider: cluster };
      const home = new k8s.core.v1.Namespace("home", { metadata: { name: "${namespace}" } }, opts);
      const namespace = home.metadata.name;
      const pod = (command, rest = {}) => ({
        restartPolicy: "Always",
        terminationGracePeriodSeconds: 1,
        containers: [{ name: "main", image: "${image}", command: ["sh", "-c", command], ...rest }],
      });
      const job = (name, command, options = {}, annotations = {}) => new k8s.batch.v1.Job(name, {
        metadata: { namespace, annotations },
        spec: { backoffLimit: 0, template: { spec: { ...pod(command), restartPolicy: "Never" } } },
      }, { ...opts, ...options });
      const labels = { app: "web" };
      const web = (command, options = {}, rest = {}) => new k8s.apps.v1.Deployment("web", {
        metadata: { name: "web", namespace },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: pod(command, rest) },
        },
      }, { ...opts, ...options });
      void job; void web;
      ${more}
    `);
  }

  /** Whether a pod of the Job with this prefix runs. */
  async function isRunning(job: string): Promise<boolean> {
    return (await live.list("v1", "Pod", namespace)).some(
      ({ metadata, status }) =>
        metadata?.name?.startsWith(job) === true &&
        (status as { phase?: string } | undefined)?.phase === "Running",
    );
  }

  async function resource(name: string) {
    return (await program.resources()).find(({ urn }) => urn.endsWith(`::${name}`));
  }

  it("are not made when a Job before them fails: its last words are the error", async () => {
    await write(`
      const gate = job("gate", "echo 'gate failed: accuracy 0.912 < 0.97' > /dev/termination-log; exit 4");
      web("sleep infinity", { dependsOn: [gate] });
    `);
    const { code, output } = await program.up();
    expect(code).not.toBe(0);
    expect(output).toContain("was successfully created, but the Kubernetes API server reported");
    expect(output).toContain("[Error] gate failed: accuracy 0.912 < 0.97");
    expect(output).toContain("[BackoffLimitExceeded] Job has reached the specified backoff limit");
    expect(await live.get(ref("Deployment", "web", "apps/v1"))).toBeUndefined();
    const gate = await resource("gate");
    expect(gate?.initErrors?.join("\n")).toContain("gate failed: accuracy 0.912 < 0.97");
  });

  it("tell the exit code of a container without last words", async () => {
    await write(`job("gate", "exit 3");`);
    const { code, output } = await program.up();
    expect(code).not.toBe(0);
    expect(output).toContain('container "main" completed with exit code 3');
  });

  it("run a failed Job anew where that is asked for, without any other change", async () => {
    await write(gated("4"));
    expect((await program.up()).code).not.toBe(0);
    await write(gated("0"));
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    const first = await program.outputs();
    expect(first["completed"]).toMatch(/^\d{4}-/);
    const again = await program.up();
    expect(again.code, again.output).toBe(0);
    expect(await program.outputs()).toEqual(first);
    expect(await live.list("batch/v1", "Job", namespace)).toHaveLength(1);
  });

  it("are waited for until they are ready, and their services until these have endpoints", async () => {
    await write(`
      const store = new k8s.apps.v1.StatefulSet("store", {
        metadata: { name: "store", namespace },
        spec: {
          serviceName: "store",
          selector: { matchLabels: { app: "store" } },
          template: { metadata: { labels: { app: "store" } }, spec: pod("sleep infinity") },
        },
      }, opts);
      new k8s.core.v1.Service("headless", {
        metadata: { name: "store", namespace }, spec: { clusterIP: "None", selector: { app: "store" } },
      }, opts);
      const served = web("sleep infinity");
      new k8s.core.v1.Service("service", {
        metadata: { name: "web", namespace }, spec: { selector: labels, ports: [{ port: 80 }] },
      }, opts);
      export const ready = [store.status.readyReplicas, served.status.readyReplicas];
    `);
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    expect(await program.outputs()).toEqual({ ready: [1, 1] });
    expect(output).not.toContain("timed out");
  });

  it("fail when a rollout does not come to an end in time; the old pods stay", async () => {
    await write(`
      web("sleep infinity", { customTimeouts: { update: "15s" } }, {
        readinessProbe: { exec: { command: ["false"] }, periodSeconds: 1 },
      });
    `);
    const { code, output } = await program.up();
    expect(code).not.toBe(0);
    expect(output).toContain("'web' timed out waiting to be Ready");
    expect(output).toContain(
      "Minimum number of Pods to consider the application live was not attained",
    );
    expect(output).toContain("containers with unready status: [main]");
    expect(await live.get(ref("Deployment", "web", "apps/v1"))).toMatchObject({
      status: { availableReplicas: 1 },
    });
    await write(`web("sleep infinity");`);
    const healed = await program.up();
    expect(healed.code, healed.output).toBe(0);
  });

  it("go on running when the user cancels, and are waited for by the next update", async () => {
    await write(`
      const long = job("long", "sleep 20");
      export const uid = long.metadata.uid;
    `);
    const up = program.start("up", "--yes", "--skip-preview");
    const ended = resultOf(up);
    await expect.poll(() => isRunning("long-"), { timeout: 60_000 }).toBe(true);
    up.kill("SIGINT");
    const { code, output } = await ended;
    expect(code).not.toBe(0);
    expect(output).toContain('Resource operation was cancelled for "long-');
    const kept = await resource("long");
    expect(kept?.initErrors?.[0]).toContain("Resource operation was cancelled");
    const again = await program.up();
    expect(again.code, again.output).toBe(0);
    const { uid } = await program.outputs();
    expect(kept?.outputs).toMatchObject({ metadata: { uid } });
    expect((await resource("long"))?.initErrors ?? []).toEqual([]);
  });

  it("are not waited for where the program says so", async () => {
    await write(`job("idle", "sleep 600", {}, { "pulumi.com/skipAwait": "true" });`);
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
  });

  it("leave nothing behind", async () => {
    const { code, output } = await program.destroy();
    expect(code, output).toBe(0);
    expect(
      await live.get({ apiVersion: "v1", kind: "Namespace", name: namespace }),
    ).toBeUndefined();
    expect(await program.resources()).toEqual([]);
  });
});
