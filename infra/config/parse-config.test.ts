import { describe, expect, it } from "vitest";
import { ConfigError } from "./config-error.ts";
import { parseConfig } from "./parse-config.ts";

function problems(values: Record<string, string>): string {
  try {
    parseConfig("updraft", values);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("parseConfig", () => {
  it("fills in every default", () => {
    expect(parseConfig("updraft", {})).toEqual({
      target: "local",
      protect: false,
      model: { name: "digits", hyperparameters: {}, retrain: "always" },
      inference: { port: 8080, corsOrigins: [] },
      tracker: { port: 5000 },
      store: { keep: false },
    });
  });

  it("reads objects from the JSON that the engine hands over and leaves other projects' keys", () => {
    const config = parseConfig("updraft", {
      "updraft:model":
        '{"name":"digits","hyperparameters":{"epochs":3},"warmStart":"champion","retrain":"on-change"}',
      "updraft:gate": '{"minAccuracy":0.97}',
      "aws:region": "eu-central-1",
    });
    expect(config.model).toEqual({
      name: "digits",
      hyperparameters: { epochs: 3 },
      warmStart: "champion",
      retrain: "on-change",
    });
    expect(config.gate).toEqual({ minAccuracy: 0.97 });
  });

  it("takes numbers that the command line kept as text", () => {
    const config = parseConfig("updraft", {
      "updraft:gate": '{"minAccuracy":"0.9999"}',
      "updraft:model": '{"hyperparameters":{"learningRate":"1e-3"}}',
    });
    expect(config.gate).toEqual({ minAccuracy: 0.9999 });
    expect(config.model.hyperparameters).toEqual({ learningRate: 0.001 });
  });

  it("names every unknown key and what may stand there", () => {
    expect(problems({ "updraft:modle": "{}", "updraft:tracker": '{"prot":5001}' })).toBe(
      [
        "the configuration has 2 problems:",
        "  - updraft:tracker.prot is not a key of the configuration; known here: port, uri",
        "  - updraft:modle is not a key of the configuration; known here: target, model, gate, promotion, protect, ephemeral, inference, predictToken, tracker, trackerToken, trackerUsername, trackerPassword, store",
      ].join("\n"),
    );
  });

  it("names the place of a wrong type, with all other problems", () => {
    expect(
      problems({
        "updraft:inference": '{"port":"http"}',
        "updraft:store": '{"keep":"perhaps"}',
        "updraft:gate": '{"minAccuracy":1.2}',
      }),
    ).toBe(
      [
        "the configuration has 3 problems:",
        "  - updraft:gate.minAccuracy: Too big: expected number to be <=1",
        "  - updraft:inference.port: Invalid input: expected number, received string",
        "  - updraft:store.keep: Invalid input: expected boolean, received string",
      ].join("\n"),
    );
  });

  it("keeps credentials as the texts they are", () => {
    const config = parseConfig("updraft", {
      "updraft:tracker": '{"uri":"http://tracker.example:5000/mlflow/"}',
      "updraft:trackerToken": "1234",
      "updraft:predictToken": "1234567890123456",
    });
    expect(config.tracker.uri).toBe("http://tracker.example:5000/mlflow");
    expect(config.trackerToken).toBe("1234");
    expect(config.predictToken).toBe("1234567890123456");
  });

  it.each([
    [
      { "updraft:trackerToken": "short" },
      "updraft:trackerToken has 5 characters; the tracker takes",
    ],
    [
      { "updraft:trackerUsername": "me" },
      "updraft:trackerUsername needs updraft:trackerPassword too",
    ],
    [
      { "updraft:trackerPassword": "x".repeat(16) },
      "updraft:trackerPassword needs updraft:trackerUsername too",
    ],
    [
      {
        "updraft:trackerToken": "x".repeat(16),
        "updraft:trackerUsername": "me",
        "updraft:trackerPassword": "y".repeat(16),
      },
      "exclude each other",
    ],
    [{ "updraft:tracker": '{"uri":"http://a:5000","port":1}' }, "remove one of the two"],
    [
      { "updraft:tracker": '{"uri":"localhost:5000"}' },
      "expected http://host:port or https://host",
    ],
    [{ "updraft:tracker": '{"uri":"http://me:pw@a"}' }, "credentials do not belong there"],
    [{ "updraft:tracker": '{"uri":"http://a/#/experiments"}' }, "no query and no fragment"],
    [
      { "updraft:predictToken": "0123456789abcde" },
      "updraft:predictToken: expected at least 16 characters without spaces",
    ],
    [
      { "updraft:predictToken": "a token with spaces" },
      "updraft:predictToken: expected at least 16 characters without spaces",
    ],
    [
      { "updraft:inference": '{"traces":"collector:4318"}' },
      "updraft:inference.traces: expected the address of a collector",
    ],
    [
      { "updraft:inference": '{"traces":"http://me:pw@collector:4318"}' },
      "updraft:inference.traces: credentials do not belong there",
    ],
    [
      { "updraft:inference": '{"traces":"http://collector:4318/v1/traces"}' },
      "updraft:inference.traces: expected the address without /v1/traces, which is added",
    ],
  ])("refuses %j", (values, problem) => {
    expect(problems(values as unknown as Record<string, string>)).toContain(problem);
  });

  it.each(["*", "https://app.example.com/", "app.example.com", "https://a,b", "file:///a"])(
    "refuses the origin %s",
    (origin) => {
      const inference = JSON.stringify({ corsOrigins: ["http://localhost:3000", origin] });
      expect(problems({ "updraft:inference": inference })).toContain(
        "updraft:inference.corsOrigins.1: expected the origin of a page, without a path",
      );
    },
  );

  it.each(["updraft:trackerToken", "updraft:predictToken"])(
    "refuses %s in plain text, without showing it",
    (key) => {
      const values = { [key]: "a-token-that-is-long-enough" };
      expect(() => parseConfig("updraft", values, () => false)).toThrow(
        new ConfigError([
          `${key} is in the configuration in plain text; set it with: pulumi config set --secret ${key}`,
        ]),
      );
    },
  );

  it("takes whose pages may ask, and a collector's address without a slash at its end", () => {
    const corsOrigins = ["https://app.example.com", "http://localhost:3000"];
    const inference = JSON.stringify({ corsOrigins, traces: "http://collector:4318/" });
    expect(parseConfig("updraft", { "updraft:inference": inference }).inference).toEqual({
      port: 8080,
      corsOrigins,
      traces: "http://collector:4318",
    });
  });

  it("refuses one port for two services", () => {
    expect(problems({ "updraft:inference": '{"port":5000}' })).toContain(
      "updraft:inference.port and updraft:tracker.port are both 5000",
    );
  });
});

describe("parseConfig of a stack in a cluster", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const target = { "updraft:target": "kubernetes" };
  const built = { ...target, "updraft:images": '{"registry":"registry.example.com/team"}' };

  it("fills in every default", () => {
    expect(parseConfig("updraft", built)).toEqual({
      target: "kubernetes",
      protect: false,
      model: { name: "digits", hyperparameters: {}, retrain: "always" },
      kubernetes: { createNamespace: true, clusterDomain: "cluster.local" },
      images: { registry: "registry.example.com/team", pullSecrets: [] },
      store: { storage: "20Gi", resources: {}, keep: false, readers: [] },
      tracker: {
        kind: "updraft",
        replicas: 1,
        resources: {},
        database: { storage: "5Gi", resources: {} },
      },
      training: { resources: {}, timeoutMinutes: 60, internet: false },
      inference: expect.objectContaining({
        serving: "deployment",
        replicas: { min: 2, max: 10 },
        targetCpuPercent: 70,
      }),
      monitoring: { annotations: true },
    });
  });

  it("takes images by their digest in place of a registry", () => {
    const names = ["trainer", "server", "tracker"];
    const images = Object.fromEntries(names.map((name) => [name, `a/${name}@${digest}`]));
    const config = parseConfig("updraft", { ...target, "updraft:images": JSON.stringify(images) });
    expect(config).toMatchObject({ images });
  });

  it("says which images are missing, and none of a tracker that is there", () => {
    expect(problems(target)).toContain(
      "updraft:images: trainer, server, tracker can neither be built nor taken",
    );
    expect(problems({ ...target, "updraft:tracker": '{"uri":"http://a"}' })).toContain(
      "updraft:images: trainer, server can neither be built nor taken",
    );
  });

  it("says that a key belongs to the other target", () => {
    expect(problems({ "updraft:monitoring": "{}" })).toContain(
      "updraft:monitoring is not a key of the configuration (it belongs to target kubernetes); known here:",
    );
    expect(problems({ ...built, "updraft:store": '{"path":"/a"}' })).toContain(
      "updraft:store.path is not a key of the configuration (it belongs to target local); known here: storage,",
    );
  });

  it("keeps secrets as the texts they are, and only encrypted", () => {
    const values = {
      ...built,
      "updraft:store": '{"s3":{"uri":"s3://bucket"}}',
      "updraft:s3AccessKeyId": "1234",
      "updraft:s3SecretAccessKey": "5678",
      "updraft:databaseUri": "postgresql://a:b@c/d",
    };
    expect(parseConfig("updraft", values)).toMatchObject({
      s3AccessKeyId: "1234",
      s3SecretAccessKey: "5678",
    });
    expect(() => parseConfig("updraft", values, () => false)).toThrow(
      [
        "the configuration has 2 problems:",
        "  - updraft:s3SecretAccessKey is in the configuration in plain text; set it with: pulumi config set --secret updraft:s3SecretAccessKey",
        "  - updraft:databaseUri is in the configuration in plain text; set it with: pulumi config set --secret updraft:databaseUri",
      ].join("\n"),
    );
  });

  it.each([
    [{ "updraft:registryUsername": "me" }, "registryUsername needs updraft:registryPassword too"],
    [{ "updraft:s3AccessKeyId": "a" }, "s3AccessKeyId needs updraft:s3SecretAccessKey too"],
    [
      { "updraft:s3AccessKeyId": "a", "updraft:s3SecretAccessKey": "b" },
      "updraft:s3AccessKeyId does nothing: without updraft:store.s3",
    ],
    [
      { "updraft:store": '{"storage":"1Gi","s3":{"uri":"s3://bucket"}}' },
      "updraft:store.storage does nothing",
    ],
    [{ "updraft:store": '{"s3":{"uri":"bucket"}}' }, "expected s3://bucket or s3://bucket/prefix"],
    [{ "updraft:store": '{"storage":"lots"}' }, "expected an amount such as 500m, 2 or 1Gi"],
    [
      { "updraft:tracker": '{"uri":"http://a","replicas":2}' },
      "updraft:tracker.replicas does nothing: with updraft:tracker.uri none is started",
    ],
    [
      { "updraft:tracker": '{"database":{}}', "updraft:databaseUri": "postgresql://a/b" },
      "updraft:tracker.database does nothing: with updraft:databaseUri",
    ],
    [{ "updraft:tracker": '{"kind":"mlflow"}' }, "kind mlflow needs updraft:images.mlflow"],
    [
      {
        "updraft:tracker": '{"kind":"mlflow"}',
        "updraft:images": `{"registry":"a.b","mlflow":"a@sha256:${"0".repeat(64)}"}`,
        "updraft:trackerToken": "a".repeat(16),
      },
      "updraft:trackerToken does nothing: with updraft:tracker.kind mlflow",
    ],
    [{ "updraft:databaseUri": "mysql://a/b" }, "expected postgresql://user:password@host"],
    [
      { "updraft:inference": '{"ingress":{"host":"a.b"},"gateway":{"name":"g","host":"a.b"}}' },
      "ingress and gateway are two ways in; remove one of the two",
    ],
    [{ "updraft:inference": '{"replicas":{"min":3,"max":2}}' }, "max is below min"],
    [{ "updraft:inference": '{"service":{"nodePort":30080}}' }, "nodePort needs type NodePort"],
    [{ "updraft:gpu": '{"nodes":{}}' }, "expected either names or a selector"],
    [{ "updraft:gpu": '{"timeSlicing":{"replicas":2}}' }, "set devicePlugin: true too"],
    [{ "updraft:model": '{"dataset":"file:///data"}' }, "not in the training's pod"],
    [{ "updraft:model": '{"dataset":"http://localhost/"}' }, "not in the training's pod"],
    [
      { "updraft:model": '{"dataset":"https://host/data/"}' },
      "updraft:model.dataset is on the web, which the training's pod may not reach; set updraft:training.internet to true",
    ],
    [{ "updraft:kubernetes": '{"namespace":"My_Team"}' }, "expected lower-case letters"],
    [{ "updraft:images": '{"registry":"a","base":"node:24"}' }, "expected an image by its digest"],
  ])("refuses %j", (values, problem) => {
    expect(problems({ ...built, ...(values as unknown as Record<string, string>) })).toContain(
      problem,
    );
  });
});
