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
  /** What goes before a resource, or comes after it with the stack's end: names by name. */
  let after = new Map<string, string[]>();
  const named = new Map<pulumi.Resource, string>();

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
    after = new Map();
    pulumi.runtime.setAllConfig({});
  });

  const noteOptions: pulumi.ResourceTransformation = ({ resource, name, opts }) => {
    named.set(resource, name);
    if (opts.retainOnDelete) kept.push(name);
    const first = [opts.dependsOn ?? []]
      .flat()
      .flatMap((one) => named.get(one as pulumi.Resource) ?? []);
    after.set(name, first);
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
    const options = { transformations: [noteOptions] };
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

  it.each([
    ["the store is to be kept", { store: { keep: true } }],
    ["the stack is protected", { protect: true }],
  ])("keeps namespace and volumes, and nothing else, where %s", async (_, chapters) => {
    await parts(chapters);
    expect(kept.toSorted()).toEqual([
      "environment-namespace",
      "store-volume",
      "tracker-database-volume",
    ]);
  });

  it("lets a volume go after the only pods that have it mounted", async () => {
    await parts({});
    const claims = registered.flatMap((one) => claimsOf(one).map((claim) => [one.name, claim]));
    expect(claims).toEqual([
      ["store-server", "store"],
      ["tracker-database-server", "tracker-database"],
    ]);
    expect(after.get("store-server")).toContain("store-volume");
    expect(after.get("tracker-database-server")).toContain("tracker-database-volume");
  });

  it("tells other stacks how packages are read, as a secret, and lets in those that it names", async () => {
    const { store } = await parts({ store: { readers: ["prod", "organization/updraft/lab"] } });
    expect(await valueOf(store.readerVariables)).toEqual({
      AWS_ACCESS_KEY_ID: "reader",
      AWS_SECRET_ACCESS_KEY: "secret-of-store-reader",
      AWS_REGION: "us-east-1",
      S3_ENDPOINT_URL: "http://store.updraft-dev.svc.cluster.local:9000",
    });
    expect(await pulumi.isSecret(store.readerVariables)).toBe(true);
    const [{ from } = { from: [] }] = (
      inputsOf("NetworkPolicy", "store-policy") as {
        spec: { ingress: { from: object[] }[] };
      }
    ).spec.ingress;
    expect(from.filter((peer) => "namespaceSelector" in peer)).toEqual([
      readerPeer("prod"),
      readerPeer("lab"),
    ]);
  });

  it("tells other stacks how a bucket is reached that is there already", async () => {
    const s3 = { uri: "s3://models", endpoint: "https://s3.test", region: "eu-central-1" };
    const keys = { s3AccessKeyId: "key-of-the-team", s3SecretAccessKey: "secret-of-the-team" };
    const { store } = await parts({ store: { s3 } }, keys);
    expect(await valueOf(store.readerVariables)).toEqual({
      AWS_ACCESS_KEY_ID: "key-of-the-team",
      AWS_SECRET_ACCESS_KEY: "secret-of-the-team",
      AWS_REGION: "eu-central-1",
      S3_ENDPOINT_URL: "https://s3.test",
    });
    const { store: bare } = await parts({ store: { s3: { uri: "s3://models" } } });
    expect(await valueOf(bare.readerVariables)).toEqual({});
    expect(await pulumi.isSecret(bare.readerVariables)).toBe(true);
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

/** The trainers of a stack, wherever it is. */
function readerPeer(stack: string): object {
  return {
    namespaceSelector: { matchLabels: { "updraft.dev/stack": stack } },
    podSelector: {
      matchLabels: { "app.kubernetes.io/name": "trainer", "app.kubernetes.io/instance": stack },
    },
  };
}

/** Claims that the pods of a workload mount. */
function claimsOf({ inputs }: Registered): string[] {
  const { spec } = inputs as {
    spec?: {
      template?: { spec?: { volumes?: { persistentVolumeClaim?: { claimName: string } }[] } };
    };
  };
  const volumes = spec?.template?.spec?.volumes ?? [];
  return volumes.flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
}

function keyOf(key: string): object {
  return { name: key, valueFrom: { secretKeyRef: { name: "store-access", key } } };
}
