import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterProblem, testCluster } from "./test-cluster.ts";
import type { TestCluster } from "./test-cluster.ts";
import { TestNamespace, strictPod, strictPodSpec } from "./test-namespace.ts";

const problem = clusterProblem();
if (problem !== undefined) process.stderr.write(`The test cluster is not tested: ${problem}.\n`);

const labels = { app: "web" };
const webServer = `
  require("http").createServer((_, response) => response.end("from " + process.env.NODE_NAME)).listen(8080);`;

/** What a fetch gives: the text, or the name of the problem. */
const fetching = (...urls: string[]) => `
  const get = (url) => fetch(url, { signal: AbortSignal.timeout(3000) })
    .then((response) => response.text(), (error) => error.cause?.code ?? error.name);
  // A connection that is still being made would keep the process for ten seconds.
  const end = (answers) => process.stdout.write(answers.join(", ") + "\\n", () => process.exit());
  Promise.all(${JSON.stringify(urls)}.map(get)).then(end);`;

describe.skipIf(problem !== undefined)("the test cluster", () => {
  let cluster: TestCluster;
  let ns: TestNamespace;

  beforeAll(async () => {
    cluster = await testCluster();
    ns = new TestNamespace(cluster.kubeconfig, `harness-${process.pid}`);
    await ns.create();
    const nodeName = { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } };
    const container = {
      image: cluster.images.node,
      command: ["node", "-e", webServer],
      env: [nodeName],
      readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
    };
    const template = { metadata: { labels }, spec: strictPodSpec(container) };
    await ns.add(
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: { selector: { matchLabels: labels }, template },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "web" },
        spec: { type: "NodePort", selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
      },
    );
    await ns.available("web");
  });

  afterAll(() => ns?.remove());

  const script = (code: string) => ({
    image: cluster.images.node,
    command: ["node", "-e", code],
  });

  it("finds a service by its name from a pod", async () => {
    const urls = ["http://web/", `http://web.${ns.name}.svc.cluster.local/`];
    expect(await ns.output(strictPod("by-name", script(fetching(...urls))))).toMatch(
      /^from (node-1|gpu-1), from (node-1|gpu-1)\n$/,
    );
  });

  it("answers on a node port of 127.0.0.1", async () => {
    const { spec } = await ns.core.readNamespacedService({ name: "web", namespace: ns.name });
    const response = await fetch(`http://127.0.0.1:${spec?.ports?.[0]?.nodePort}/`);
    expect(await response.text()).toMatch(/^from (node-1|gpu-1)$/);
  });

  it("leaves pods no way out of the machine", async () => {
    const code = fetching("http://1.1.1.1/");
    expect(await ns.output(strictPod("outside", script(code)))).toBe("ECONNREFUSED\n");
  });

  const job = (name: string, code: string) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: {
      backoffLimit: 0,
      template: { spec: strictPodSpec(script(code), { restartPolicy: "Never" }) },
    },
  });

  it("completes a job, and says why another has failed", async () => {
    const failing = `require("fs").writeFileSync("/dev/termination-log", "gate failed"); process.exit(4);`;
    await ns.add(job("good", "console.log(42)"), job("bad", failing));
    const condition = async (name: string) => {
      const { status } = await ns.batch.readNamespacedJob({ name, namespace: ns.name });
      return status?.conditions?.filter((one) => one.status === "True").map(({ type }) => type);
    };
    const options = { timeout: 120_000, interval: 500 };
    await expect.poll(() => condition("good"), options).toContain("Complete");
    await expect.poll(() => condition("bad"), options).toContain("Failed");
    const { items } = await ns.core.listNamespacedPod({
      namespace: ns.name,
      labelSelector: "batch.kubernetes.io/job-name=bad",
    });
    expect(items[0]?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 4,
      message: "gate failed",
    });
  });

  it("gives a claim a volume that any user writes to, and removes it with the claim", async () => {
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    const volumeMounts = [{ name: "data", mountPath: "/data" }];
    await ns.add({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    const write = `require("fs").writeFileSync("/data/file", "kept " + process.getuid())`;
    const read = `console.log(require("fs").readFileSync("/data/file", "utf8"))`;
    const pod = (name: string, code: string) =>
      strictPod(name, { ...script(code), volumeMounts }, { spec: { volumes } });
    await ns.output(pod("writer", write));
    expect(await ns.output(pod("reader", read))).toBe("kept 1000\n");
    const claim = { name: "data", namespace: ns.name };
    const { spec } = await ns.core.readNamespacedPersistentVolumeClaim(claim);
    const volumeName = spec?.volumeName ?? "";
    const volume = await ns.core.readPersistentVolume({ name: volumeName });
    const path = volume.spec?.hostPath?.path ?? "";
    expect(existsSync(join(path, "file"))).toBe(true);
    await ns.core.deleteNamespacedPod({ name: "writer", namespace: ns.name });
    await ns.core.deleteNamespacedPod({ name: "reader", namespace: ns.name });
    await ns.core.deleteNamespacedPersistentVolumeClaim(claim);
    const left = async () =>
      (await ns.core.listPersistentVolume()).items.some((one) => one.metadata?.name === volumeName);
    await expect.poll(left, { timeout: 60_000, interval: 500 }).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  it("runs a pod that wants a GPU on the node that has them, and none that wants too many", async () => {
    const tolerations = [{ key: "nvidia.com/gpu", operator: "Exists" }];
    const gpuPod = (name: string, count: number) => {
      const resources = { limits: { "nvidia.com/gpu": String(count) } };
      const container = { ...script("console.log('trained')"), resources };
      return strictPod(name, container, { spec: { tolerations } });
    };
    expect(await ns.output(gpuPod("gpu", 1))).toBe("trained\n");
    const { spec } = await ns.core.readNamespacedPod({ name: "gpu", namespace: ns.name });
    expect(spec?.nodeName).toBe("gpu-1");
    await ns.add(gpuPod("too-many", 5));
    const reason = async () => {
      const pod = await ns.core.readNamespacedPod({ name: "too-many", namespace: ns.name });
      return pod.status?.conditions?.find(({ type }) => type === "PodScheduled")?.message;
    };
    await expect.poll(reason, { timeout: 60_000 }).toContain("Insufficient nvidia.com/gpu");
  });

  const podMetrics = async () => {
    const answer: unknown = await ns.custom.listNamespacedCustomObject({
      group: "metrics.k8s.io",
      version: "v1beta1",
      namespace: ns.name,
      plural: "pods",
    });
    return JSON.stringify(answer);
  };

  it("measures what pods use", async () => {
    await expect.poll(podMetrics, { timeout: 90_000, interval: 1000 }).toContain('"name":"web-');
  });

  it("keeps network policies in both directions", async () => {
    await ns.add(
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "friends-only" },
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: ["Ingress"],
          ingress: [
            {
              _from: [{ podSelector: { matchLabels: { role: "friend" } } }],
              ports: [{ port: 8080 }],
            },
          ],
        },
      },
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "names-only" },
        spec: {
          podSelector: { matchLabels: { jailed: "yes" } },
          policyTypes: ["Egress"],
          egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: "UDP" }] }],
        },
      },
    );
    const asking = (name: string, podLabels: Record<string, string>) =>
      ns.output(strictPod(name, script(fetching("http://web/")), { labels: podLabels }));
    const [friend, stranger, jailed] = await Promise.all([
      asking("friend", { role: "friend" }),
      asking("stranger", { role: "stranger" }),
      asking("jailed", { role: "friend", jailed: "yes" }),
    ]);
    expect(friend).toMatch(/^from (node-1|gpu-1)\n$/);
    expect(stranger).toBe("TimeoutError\n");
    expect(jailed).toBe("TimeoutError\n");
  });

  it("builds an image with packages from the registries, which both nodes pull", async () => {
    const folder = await mkdtemp(join(tmpdir(), "harness-image-"));
    const tag = `${cluster.registry}/harness/built:${process.pid}`;
    try {
      await writeFile(
        join(folder, "Dockerfile"),
        [
          `FROM node:24-bookworm-slim`,
          `RUN apt-get update -qq && apt-get install -qq --no-install-recommends hello`,
          `RUN npm install --prefix /app is-odd@3.0.1`,
          `CMD ["node", "-e", "console.log(require('/app/node_modules/is-odd')(7))"]`,
          "",
        ].join("\n"),
      );
      await docker("build", "--quiet", "--network=host", "--tag", tag, folder);
      const pushed = await docker("push", tag);
      const digest = /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1];
      const image = `${cluster.registry}/harness/built@${digest}`;
      const tolerations = [{ operator: "Exists" }];
      const on = (nodeName: string) =>
        ns.output(strictPod(`built-${nodeName}`, { image }, { spec: { nodeName, tolerations } }));
      expect(await Promise.all([on("node-1"), on("gpu-1")])).toEqual(["true\n", "true\n"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const docker = async (...args: string[]) => {
    const env = { ...process.env, ...cluster.env, DOCKER_BUILDKIT: "0" };
    return (await promisify(execFile)("docker", args, { env })).stdout;
  };

  it("has a Postgres that runs as any user on a read-only root", async () => {
    const env = {
      POSTGRES_USER: "owner",
      POSTGRES_PASSWORD: "secret",
      POSTGRES_DB: "runs",
      // The mounted folder itself is root's, and the database wants its own.
      PGDATA: "/var/lib/postgresql/data/pgdata",
    };
    const mounts = ["/var/lib/postgresql/data", "/var/run/postgresql", "/tmp"];
    const container = {
      image: cluster.images.postgres,
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      volumeMounts: mounts.map((mountPath, index) => ({ name: `empty-${index}`, mountPath })),
      readinessProbe: {
        exec: {
          command: ["psql", "postgresql://owner:secret@127.0.0.1/runs", "--command", "select 1"],
        },
        periodSeconds: 1,
        timeoutSeconds: 5,
      },
    };
    const volumes = mounts.map((_, index) => ({ name: `empty-${index}`, emptyDir: {} }));
    await ns.add(strictPod("postgres", container, { spec: { volumes }, user: 4711 }));
    await expect.poll(() => isReady("postgres"), { timeout: 120_000, interval: 500 }).toBe(true);
  });

  it("has a MinIO with its client", async () => {
    const volumes = ["/data", "/tmp"].map((mountPath, index) => ({ name: `v${index}`, mountPath }));
    const container = {
      image: cluster.images.minio,
      args: ["server", "/data"],
      volumeMounts: volumes,
      readinessProbe: {
        exec: {
          command: [
            "sh",
            "-c",
            "mc alias set own http://127.0.0.1:9000 minioadmin minioadmin && mc ready own",
          ],
        },
        periodSeconds: 1,
        timeoutSeconds: 10,
      },
    };
    const emptyDirs = volumes.map(({ name }) => ({ name, emptyDir: {} }));
    await ns.add(strictPod("minio", container, { spec: { volumes: emptyDirs } }));
    await expect.poll(() => isReady("minio"), { timeout: 120_000, interval: 500 }).toBe(true);
  });

  const isReady = async (name: string) => {
    const { status } = await ns.core.readNamespacedPod({ name, namespace: ns.name });
    return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
  };
});
