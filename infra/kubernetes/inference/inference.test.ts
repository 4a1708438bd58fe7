import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@updraft/contracts/release";
import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesConfig } from "../../config/config.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { Environment } from "../environment/environment.ts";
import type { KubernetesStore, StoreAccess } from "../store/store-access.ts";
import { variables } from "../variables.ts";
import { Inference } from "./inference.ts";
import { digest, image, release } from "./serving-fixture.ts";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

describe("Inference", () => {
  let registered: Registered[];
  /** What the cluster says of an object, by the name of its resource. */
  let statuses: Record<string, object>;

  beforeEach(async () => {
    registered = [];
    statuses = {};
    await pulumi.runtime.setMocks(
      {
        newResource({ type, name, inputs }) {
          registered.push({ type, name, inputs });
          const status = statuses[name];
          return { id: `${name}-id`, state: { ...inputs, ...(status && { status }) } };
        },
        call: () => ({}),
      },
      "updraft",
      "dev",
    );
  });

  const ours = () =>
    registered
      .filter(({ name }) => name.startsWith("inference"))
      .map(({ type, name }) => `${type}::${name}`)
      .toSorted();
  const inputsOf = (name: string) => registered.find((each) => each.name === name)?.inputs ?? {};

  it("is core objects, reached in the cluster", async () => {
    expect(await made()).toEqual({
      url: "http://inference.updraft-dev.svc.cluster.local",
      predictUrl: "http://inference.updraft-dev.svc.cluster.local/v1/models/digits:predict",
    });
    expect(ours()).toEqual([
      "kubernetes:apps/v1:Deployment::inference-deployment",
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler::inference-autoscaler",
      "kubernetes:core/v1:Service::inference-service",
      "kubernetes:core/v1:ServiceAccount::inference-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::inference-policy",
      "kubernetes:policy/v1:PodDisruptionBudget::inference-disruption",
      "updraft:platform:Inference::inference",
    ]);
    const { spec } = inputsOf("inference-deployment");
    expect(spec).not.toHaveProperty("replicas");
    expect(spec).toMatchObject({
      template: {
        metadata: {
          annotations: {
            "prometheus.io/port": "8080",
            "updraft.dev/config": "sha256:keys",
            "updraft.dev/model-digest": digest,
          },
        },
        spec: { containers: [{ image }] },
      },
    });
    expect(spec).toHaveProperty(
      "template.spec.containers.0.env",
      expect.arrayContaining([
        { name: "MODEL_DIGEST", value: digest },
        { name: "MODEL_VERSION", value: "4" },
        { name: "S3_ENDPOINT_URL", value: "http://store:9000" },
      ]),
    );
  });

  it("has one way in, and tells its address", async () => {
    const ingress = { host: "digits.example.com", tlsSecret: "digits-tls" };
    expect(await made({ ingress })).toMatchObject({ url: "https://digits.example.com" });
    expect(ours()).toContain("kubernetes:networking.k8s.io/v1:Ingress::inference-ingress");
  });

  it("can be reached through a Gateway", async () => {
    const gateway = { name: "public", host: "digits.example.com", tls: false };
    expect(await made({ gateway })).toMatchObject({ url: "http://digits.example.com" });
    expect(ours()).toContain("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute::inference-route");
  });

  it("tells the address of a balancer", async () => {
    statuses["inference-service"] = { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } };
    expect(await made({ service: { type: "LoadBalancer" } })).toMatchObject({
      predictUrl: "http://203.0.113.7/v1/models/digits:predict",
    });
  });

  it("leaves the rest to KServe", async () => {
    statuses["inference-inference-service"] = { url: "http://inference.example.com" };
    expect(await made({ serving: "kserve" })).toMatchObject({
      url: "http://inference.example.com",
    });
    expect(ours()).toEqual([
      "kubernetes:core/v1:ServiceAccount::inference-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::inference-policy",
      "kubernetes:policy/v1:PodDisruptionBudget::inference-disruption",
      "kubernetes:serving.kserve.io/v1beta1:InferenceService::inference-inference-service",
      "updraft:platform:Inference::inference",
    ]);
  });

  it.each([
    ["deployment", "inference-deployment", "spec.template"],
    ["kserve", "inference-inference-service", "spec.predictor"],
  ])("keeps the token in a Secret alone, with serving: %s", async (kind, pods, template) => {
    await made({ serving: kind }, token);
    expect(inputsOf("inference-access")).toMatchObject({
      metadata: { name: "inference-access", namespace: "updraft-dev" },
      stringData: secretOf({ PREDICT_TOKEN: token }),
    });
    const reference = { secretKeyRef: { name: "inference-access", key: "PREDICT_TOKEN" } };
    const spec = kind === "kserve" ? template : `${template}.spec`;
    expect(inputsOf(pods)).toHaveProperty(
      `${spec}.containers.0.env`,
      expect.arrayContaining([{ name: "PREDICT_TOKEN", valueFrom: reference }]),
    );
    const others = registered.filter(({ type }) => type !== "kubernetes:core/v1:Secret");
    expect(JSON.stringify(others)).not.toContain(token);
  });

  it("rolls the pods when there is another token, and only then", async () => {
    const checksums: unknown[] = [];
    for (const given of [token, token, `another-${token}`]) {
      registered = [];
      await made({}, given);
      const { spec } = inputsOf("inference-deployment") as {
        spec: { template: { metadata: { annotations: Record<string, string> } } };
      };
      checksums.push(spec.template.metadata.annotations["updraft.dev/config"]);
    }
    expect(checksums[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(checksums[1]).toBe(checksums[0]);
    expect(checksums[2]).not.toBe(checksums[0]);
  });

  it("tells the address of KServe's Service where KServe has no other", async () => {
    expect(await made({ serving: "kserve" })).toMatchObject({
      url: "http://inference-predictor.updraft-dev.svc.cluster.local",
    });
  });
});

const token = "a-token-that-nobody-else-has";

/** A secret as the mocks show it. */
function secretOf(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

const access: StoreAccess = {
  variables: variables({ S3_ENDPOINT_URL: "http://store:9000" }),
  egress: [],
  serviceAccountAnnotations: {},
  checksum: pulumi.output("sha256:keys"),
};

/** Makes the component; what it is at once its outputs are known. */
async function made(settings: object = {}, given?: string) {
  const config = configOf(settings);
  const facts = { isReachable: false, apiServer: undefined, gpuNodes: [], runs: [] };
  const environment = new Environment("environment", { stack: "dev", config, facts });
  const inference = new Inference("inference", {
    environment,
    store: { access: { server: access }, ready: [] } as unknown as KubernetesStore,
    release: pulumi.output<Release>({
      ...release,
      runId: "run-4",
      datasetDigest: digest,
      metrics: {},
      gate: { verdict: "passed" as const, rules: [] },
    }),
    settings: config.inference,
    token: given === undefined ? undefined : pulumi.secret(given),
  });
  const [url, predictUrl] = await Promise.all(
    [inference.url, inference.predictUrl].map(
      (output) => new Promise<string>((resolve) => output.apply(resolve)),
    ),
  );
  return { url, predictUrl };
}

function configOf(settings: object): KubernetesConfig {
  const config = parseConfig("updraft", {
    "updraft:target": "kubernetes",
    "updraft:images": JSON.stringify({ trainer: image, server: image, tracker: image }),
    "updraft:inference": JSON.stringify(settings),
  });
  if (config.target !== "kubernetes") throw new Error("another target was configured");
  return config;
}
