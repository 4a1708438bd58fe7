import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { KubernetesConfig } from "../config/config.ts";
import { trackerCredentials } from "../tracker-credentials.ts";
import { Environment } from "./environment/environment.ts";
import { ObjectStore } from "./store/object-store.ts";
import { Tracker } from "./tracker/tracker.ts";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const digest = `sha256:${"a".repeat(64)}`;
const images = Object.fromEntries(
  ["trainer", "server", "tracker"].map((name) => [name, `registry.test/${name}@${digest}`]),
);

describe("a stack in a cluster that uses what is there", () => {
  let registered: Registered[] = [];
  let kept: string[] = [];

  beforeAll(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource({ type, name, inputs }) {
          registered.push({ type, name, inputs });
          return { id: `${name}-id`, state: { ...inputs, result: `secret-of-${name}` } };
        },
        call: () => ({}),
      },
      "updraft",
      "dev",
    );
  });

  beforeEach(() => {
    registered = [];
    kept = [];
    pulumi.runtime.setAllConfig({});
  });

  const noteKept: pulumi.ResourceTransformation = ({ name, opts }) => {
    if (opts.retainOnDelete) kept.push(name);
    return undefined;
  };

  /** Store and tracker of a stack with these chapters and secrets, all of it registered. */
  async function parts(chapters: object, secrets: Record<string, string> = {}) {
    pulumi.runtime.setAllConfig(
      Object.fromEntries(Object.entries(secrets).map(([key, value]) => [`updraft:${key}`, value])),
      Object.keys(secrets).map((key) => `updraft:${key}`),
    );
    const config = KubernetesConfig.parse({
      target: "kubernetes",
      images,
      ...chapters,
      ...secrets,
    });
    const facts = { isReachable: false, apiServer: undefined, gpuNodes: [], runs: [] };
    const options = { transformations: [noteKept] };
    const environment = new Environment("environment", { stack: "dev", config, facts }, options);
    const shared = { environment, credentials: trackerCredentials(new pulumi.Config("updraft")) };
    const store = new ObjectStore(
      "store",
      {
        ...shared,
        settings: config.store,
        tracker: config.tracker,
      },
      options,
    );
    const tracker = new Tracker("tracker", { ...shared, store, settings: config.tracker }, options);
    await pulumi.runtime.disconnect();
    return { environment, store, tracker };
  }

  const names = (type: string) =>
    registered.filter((one) => one.type.endsWith(`:${type}`)).map(({ name }) => name);
  const inputsOf = (type: string, name: string) =>
    registered.find((one) => one.type.endsWith(`:${type}`) && one.name === name)?.inputs;

  it("keeps namespace and volumes, and nothing else, where the store is to be kept", async () => {
    await parts({ store: { keep: true } });
    expect(kept.toSorted()).toEqual([
      "environment-namespace",
      "store-volume",
      "tracker-database-volume",
    ]);
  });

  it("moves into a namespace that is there", async () => {
    const kubernetes = { namespace: "team", createNamespace: false };
    const { environment } = await parts({ kubernetes });
    expect(names("Namespace")).toEqual([]);
    expect(await valueOf(environment.namespace)).toBe("team");
  });

  it("uses a bucket with the configured keys, and starts no store", async () => {
    const { store } = await parts(
      { store: { s3: { uri: "s3://models/team", endpoint: "https://s3.test:8443" } } },
      { s3AccessKeyId: "key-of-the-team", s3SecretAccessKey: "secret-of-the-team" },
    );
    expect(names("StatefulSet")).toEqual(["tracker-database-server"]);
    expect(await valueOf(store.uri)).toBe("s3://models/team");
    expect(store.access.server.variables).toEqual([
      keyOf("AWS_ACCESS_KEY_ID"),
      keyOf("AWS_SECRET_ACCESS_KEY"),
      { name: "S3_ENDPOINT_URL", value: "https://s3.test:8443" },
    ]);
    expect(store.access.server.egress).toMatchObject([{ ports: [{ port: 8443 }] }]);
    expect(JSON.stringify(inputsOf("Secret", "store-access"))).toContain("secret-of-the-team");
  });

  it("gives the accounts a role of AWS in place of keys", async () => {
    const roleArn = "arn:aws:iam::123456789012:role/updraft";
    const s3 = { uri: "s3://models", region: "eu-central-1", roleArn };
    const { store } = await parts({ store: { s3 } });
    expect(store.access.tracker).toMatchObject({
      variables: [{ name: "AWS_REGION", value: "eu-central-1" }],
      serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": roleArn },
    });
    expect(inputsOf("ServiceAccount", "tracker-account")).toMatchObject({
      metadata: { annotations: { "eks.amazonaws.com/role-arn": roleArn } },
    });
  });

  it("uses a Postgres that is there, whose address only a Secret has", async () => {
    const databaseUri = "postgresql://me:a-password@database.test:6432/runs";
    await parts({}, { databaseUri });
    expect(names("StatefulSet")).toEqual(["store-server"]);
    expect(JSON.stringify(inputsOf("Secret", "tracker-database"))).toContain(databaseUri);
    expect(JSON.stringify(inputsOf("NetworkPolicy", "tracker-policy"))).toContain("6432");
    const others = registered.filter(({ type }) => type !== "kubernetes:core/v1:Secret");
    expect(JSON.stringify(others)).not.toContain("a-password");
  });

  it("runs MLflow's server without credentials, for the trainer alone", async () => {
    const { tracker } = await parts({
      tracker: { kind: "mlflow" },
      images: { ...images, mlflow: images.tracker },
    });
    expect(tracker.token).toBeUndefined();
    expect(tracker.access.variables).toEqual([
      { name: "MLFLOW_TRACKING_URI", value: "http://tracker:5000" },
    ]);
    expect(names("Secret")).not.toContain("tracker-access");
    expect(inputsOf("NetworkPolicy", "tracker-policy")).toMatchObject({
      spec: {
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "trainer" } } }],
            ports: [{ port: 5000 }],
          },
        ],
      },
    });
  });

  it("starts nothing for a tracker that is there, and keeps its credentials in a Secret", async () => {
    const trackerToken = "a-token-that-nobody-else-has";
    const uri = "https://mlflow.test/team";
    const { tracker } = await parts({ tracker: { uri } }, { trackerToken });
    expect(names("Deployment")).toEqual([]);
    expect(await valueOf(tracker.url)).toBe(uri);
    expect(tracker.access.variables).toEqual([
      { name: "MLFLOW_TRACKING_URI", value: uri },
      {
        name: "MLFLOW_TRACKING_TOKEN",
        valueFrom: { secretKeyRef: { name: "tracker-access", key: "MLFLOW_TRACKING_TOKEN" } },
      },
    ]);
    expect(tracker.access.egress).toMatchObject([{ ports: [{ port: 443 }] }]);
    const others = registered.filter(({ type }) => type !== "kubernetes:core/v1:Secret");
    expect(JSON.stringify(others)).not.toContain(trackerToken);
  });
});

function valueOf(output: pulumi.Input<unknown>): Promise<unknown> {
  const resolved = pulumi.output(output) as unknown as pulumi.Output<unknown>;
  return new Promise((resolve) => resolved.apply(resolve));
}

function keyOf(key: string): object {
  return { name: key, valueFrom: { secretKeyRef: { name: "store-access", key } } };
}
