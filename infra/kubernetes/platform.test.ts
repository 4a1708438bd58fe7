import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const digest = `sha256:${"a".repeat(64)}`;
const image = (name: string) => `registry.test/${name}@${digest}`;
const release = {
  model: "digits",
  version: "4",
  digest,
  uri: `s3://updraft/models/digits/${"a".repeat(64)}`,
  runId: "run-4",
  datasetDigest: digest,
  metrics: { accuracy: 0.99 },
  gate: { verdict: "passed", rules: [] },
};

/** What the plugins would add, as far as the program reads it. */
function outputsOf({ type, name, inputs }: Registered): object {
  if (type.startsWith("random:")) return { result: `secret-of-${name}` };
  if (type === "kubernetes:batch/v1:Job") return { status: { completionTime: "2026-01-01" } };
  if (type !== "kubernetes:core/v1:ConfigMap" || "data" in inputs) return {};
  return { data: { "outcome.json": JSON.stringify({ status: "released", release }) } };
}

describe("the program in a cluster", () => {
  const registered: Registered[] = [];
  let program: Record<string, pulumi.Output<unknown>>;

  beforeAll(async () => {
    process.env["UPDRAFT_RENDER"] = "true";
    await pulumi.runtime.setMocks(
      {
        newResource({ type, name, inputs, id }) {
          const resource = { type, name, inputs };
          registered.push(resource);
          return { id: id || `${name}-id`, state: { ...inputs, ...outputsOf(resource) } };
        },
        call: () => ({}),
      },
      "updraft",
      "dev",
    );
    const values = {
      target: "kubernetes",
      images: { trainer: image("trainer"), server: image("server"), tracker: image("tracker") },
      gpu: { nodes: { names: ["gpu-1"] } },
      kubernetes: { quota: { pods: 40 }, limits: { max: { memory: "8Gi" } } },
      tracker: { ingress: { host: "tracker.example.com", tlsSecret: "tracker-tls" } },
      inference: { ingress: { host: "digits.example.com" } },
      monitoring: { serviceMonitor: {}, namespace: "monitoring" },
    };
    pulumi.runtime.setAllConfig(
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          `updraft:${key}`,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      ),
    );
    await pulumi.runtime.runInPulumiStack(async () => {
      program = (await import("../index.ts")) as unknown as typeof program;
    });
    await pulumi.runtime.disconnect();
  });

  // Types and names are identity: a change here replaces what people have, and needs an alias.
  it("keeps the identity of its resources", () => {
    expect(registered.map(({ type, name }) => `${type}::${name}`).toSorted()).toEqual([
      "kubernetes:apps/v1:Deployment::inference-deployment",
      "kubernetes:apps/v1:Deployment::tracker-server",
      "kubernetes:apps/v1:StatefulSet::store-server",
      "kubernetes:apps/v1:StatefulSet::tracker-database-server",
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler::inference-autoscaler",
      "kubernetes:batch/v1:Job::store-setup",
      "kubernetes:batch/v1:Job::training-run",
      "kubernetes:core/v1:ConfigMap::store-setup-files",
      "kubernetes:core/v1:ConfigMap::training-release",
      "kubernetes:core/v1:LimitRange::environment-limits",
      "kubernetes:core/v1:Namespace::environment-namespace",
      "kubernetes:core/v1:NodePatch::gpu-node-gpu-1",
      "kubernetes:core/v1:PersistentVolumeClaim::store-volume",
      "kubernetes:core/v1:PersistentVolumeClaim::tracker-database-volume",
      "kubernetes:core/v1:ResourceQuota::environment-quota",
      "kubernetes:core/v1:Secret::store-reader",
      "kubernetes:core/v1:Secret::store-root",
      "kubernetes:core/v1:Secret::store-server",
      "kubernetes:core/v1:Secret::store-tracker",
      "kubernetes:core/v1:Secret::store-trainer",
      "kubernetes:core/v1:Secret::tracker-access",
      "kubernetes:core/v1:Secret::tracker-database",
      "kubernetes:core/v1:Service::inference-service",
      "kubernetes:core/v1:Service::store-service",
      "kubernetes:core/v1:Service::tracker-database-service",
      "kubernetes:core/v1:Service::tracker-service",
      "kubernetes:core/v1:ServiceAccount::inference-account",
      "kubernetes:core/v1:ServiceAccount::store-account",
      "kubernetes:core/v1:ServiceAccount::tracker-account",
      "kubernetes:core/v1:ServiceAccount::tracker-database-account",
      "kubernetes:core/v1:ServiceAccount::training-account",
      "kubernetes:monitoring.coreos.com/v1:ServiceMonitor::monitoring-inference",
      "kubernetes:monitoring.coreos.com/v1:ServiceMonitor::monitoring-tracker",
      "kubernetes:networking.k8s.io/v1:Ingress::inference-ingress",
      "kubernetes:networking.k8s.io/v1:Ingress::tracker-ingress",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::environment-allow-dns",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::environment-deny-all",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::inference-policy",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::monitoring-inference-policy",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::monitoring-tracker-policy",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::store-policy",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::store-setup-policy",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::tracker-database-policy",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::tracker-policy",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::training-policy",
      "kubernetes:policy/v1:PodDisruptionBudget::inference-disruption",
      "kubernetes:rbac.authorization.k8s.io/v1:Role::training-role",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding::training-role-binding",
      "pulumi:providers:kubernetes::cluster",
      "pulumi:providers:kubernetes::cluster-runs",
      "pulumi:pulumi:Stack::updraft-dev",
      "random:index/randomPassword:RandomPassword::store-reader",
      "random:index/randomPassword:RandomPassword::store-root",
      "random:index/randomPassword:RandomPassword::store-server",
      "random:index/randomPassword:RandomPassword::store-tracker",
      "random:index/randomPassword:RandomPassword::store-trainer",
      "random:index/randomPassword:RandomPassword::tracker-database-password",
      "random:index/randomPassword:RandomPassword::tracker-token",
      "updraft:platform:Environment::environment",
      "updraft:platform:GpuNodePool::gpu",
      "updraft:platform:Guard::guard",
      "updraft:platform:Guard::guard-data",
      "updraft:platform:Images::images",
      "updraft:platform:Inference::inference",
      "updraft:platform:Monitoring::monitoring",
      "updraft:platform:ObjectStore::store",
      "updraft:platform:Tracker::tracker",
      "updraft:platform:TrainerRights::trainer",
      "updraft:platform:Training::training",
    ]);
  });

  it("keeps what is secret in Secrets", () => {
    const made = registered.filter(({ type }) => type.startsWith("random:"));
    expect(made).toHaveLength(7);
    const others = registered.filter(
      ({ type }) => type !== "kubernetes:core/v1:Secret" && !type.startsWith("random:"),
    );
    for (const { inputs } of others) expect(JSON.stringify(inputs)).not.toContain("secret-of-");
  });

  it("gives every object the stack's labels and a fixed name", () => {
    const objects = registered.filter(
      ({ type, name }) => type.startsWith("kubernetes:") && !/NodePatch|release$/.test(type + name),
    );
    for (const { name, inputs } of objects) {
      const { metadata } = inputs as { metadata: { name: string; labels: object } };
      expect({ name, labels: metadata.labels }).toMatchObject({
        labels: {
          "app.kubernetes.io/instance": "dev",
          "app.kubernetes.io/part-of": "updraft",
          "app.kubernetes.io/managed-by": "pulumi",
          "updraft.dev/stack": "dev",
        },
      });
      expect(metadata.name).toEqual(expect.any(String));
    }
  });

  it("runs every container as Pod Security's restricted demands, with requests and limits", () => {
    for (const { pod, containers } of registered.flatMap(podsIn)) {
      expect(pod).toMatchObject({
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      for (const container of containers) {
        expect(container).toMatchObject({
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          resources: { requests: { memory: expect.any(String) }, limits: expect.any(Object) },
        });
        expect(container["image"]).toMatch(/@sha256:[0-9a-f]{64}$/);
      }
    }
  });

  it("leads to the addresses of the ways in", async () => {
    const [url, trackerUrl, runUrl] = await Promise.all(
      ["url", "trackerUrl", "runUrl"].map((name) => valueOf(program[name])),
    );
    expect({ url, trackerUrl, runUrl }).toEqual({
      url: "http://digits.example.com",
      trackerUrl: "https://tracker.example.com",
      runUrl: "https://tracker.example.com/runs/run-4",
    });
  });

  it("tells the token that it has made, as a secret", async () => {
    expect(await valueOf(program["trackerToken"])).toBe("secret-of-tracker-token");
    expect(await pulumi.isSecret(program["trackerToken"]!)).toBe(true);
  });
});

interface Pod {
  readonly pod: Record<string, unknown>;
  readonly containers: readonly Record<string, unknown>[];
}

/** The pods that an object makes. */
function podsIn({ inputs }: Registered): Pod[] {
  const spec = (inputs["spec"] as { template?: { spec?: Record<string, unknown> } } | undefined)
    ?.template?.spec;
  if (!spec) return [];
  return [{ pod: spec, containers: spec["containers"] as Record<string, unknown>[] }];
}

function valueOf(output: pulumi.Input<unknown>): Promise<unknown> {
  const resolved = pulumi.output(output) as unknown as pulumi.Output<unknown>;
  return new Promise((resolve) => resolved.apply(resolve));
}
