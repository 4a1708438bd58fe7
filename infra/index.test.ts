import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { freePort } from "@updraft/contracts/free-port";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const digest = `sha256:${"a".repeat(64)}`;
const release = {
  model: "digits",
  version: "4",
  digest,
  uri: "file:///stack/store/models/digits/aaaa",
  runId: "run-4",
  datasetDigest: digest,
  metrics: { accuracy: 0.99 },
  gate: { verdict: "passed", rules: [] },
};

// Outputs that the provider would add, by type.
const computed: Record<string, (inputs: Record<string, unknown>) => object> = {
  "updraft:local:Service": ({ host, port }) => ({ url: `http://${host}:${port}` }),
  "updraft:local:Task": () => ({ release }),
};

describe("the program", () => {
  const registered: Registered[] = [];
  let ports: { tracker: number; inference: number };
  let folder: string;
  let program: Record<string, pulumi.Output<unknown>>;

  beforeAll(async () => {
    ports = { tracker: await freePort(), inference: await freePort() };
    folder = join(await mkdtemp(join(tmpdir(), "updraft-program-")), "dev");
    await pulumi.runtime.setMocks(
      {
        newResource({ type, name, inputs }) {
          registered.push({ type, name, inputs });
          return { id: `${name}-id`, state: { ...inputs, ...computed[type]?.(inputs) } };
        },
        call: () => ({}),
      },
      "updraft",
      "dev",
    );
    pulumi.runtime.setAllConfig({
      "updraft:tracker": JSON.stringify({ port: ports.tracker }),
      "updraft:inference": JSON.stringify({ port: ports.inference }),
      "updraft:store": JSON.stringify({ path: folder }),
      "updraft:model": JSON.stringify({ hyperparameters: { epochs: 2 }, retrain: "on-change" }),
    });
    await pulumi.runtime.runInPulumiStack(async () => {
      program = (await import("./index.ts")) as unknown as typeof program;
    });
    await pulumi.runtime.disconnect();
  });

  const inputsOf = (name: string) =>
    registered.find((resource) => resource.name === name)?.inputs ?? {};

  // Types and names are identity: a change here replaces what people have, and needs an alias.
  it("keeps the identity of its resources", () => {
    expect(registered.map(({ type, name }) => `${type}::${name}`).toSorted()).toEqual([
      "pulumi:pulumi:Stack::updraft-dev",
      "updraft:local:Folder::environment-folder",
      "updraft:local:Service::inference-service",
      "updraft:local:Service::tracker-service",
      "updraft:local:Task::training-run",
      "updraft:platform:Environment::environment",
      "updraft:platform:Guard::guard",
      "updraft:platform:Guard::guard-data",
      "updraft:platform:Inference::inference",
      "updraft:platform:ObjectStore::store",
      "updraft:platform:Tracker::tracker",
      "updraft:platform:Training::training",
    ]);
  });

  it("gives the trainer the tracker, the store and every setting with its default filled in", () => {
    expect(inputsOf("training-run")).toMatchObject({
      always: false,
      env: {
        TRAINER_MODEL: "digits",
        TRAINER_DATASET: "mnist-10k",
        TRAINER_STORE_URI: `file://${folder}/store/artifacts`,
        TRAINER_STACK: "dev",
        MLFLOW_TRACKING_URI: `http://127.0.0.1:${ports.tracker}`,
      },
      triggers: { model: "digits", dataset: "mnist-10k", hyperparameters: { epochs: 2 } },
    });
  });

  it("pins the server to the digest of the release", () => {
    expect(inputsOf("inference-service")).toMatchObject({
      healthPath: "/ready",
      env: { MODEL_NAME: "digits", MODEL_VERSION: "4", MODEL_DIGEST: digest },
    });
  });

  it("keeps the tracker's rows below the stack's folder and its artifacts in the store", () => {
    expect(inputsOf("tracker-service")).toMatchObject({
      env: {
        MLFLOW_BACKEND_STORE_URI: `sqlite:///${folder}/tracker/tracker.db`,
        MLFLOW_ARTIFACTS_DESTINATION: `file://${folder}/store/artifacts`,
      },
    });
  });

  it("tells addresses, model, metrics and verdict", async () => {
    const [url, predictUrl, trackerUrl, runUrl, model, metrics, gate] = await Promise.all(
      ["url", "predictUrl", "trackerUrl", "runUrl", "model", "metrics", "gate"].map((name) =>
        valueOf(program[name]),
      ),
    );
    expect({ url, predictUrl, trackerUrl, runUrl, model, metrics, gate }).toEqual({
      url: `http://127.0.0.1:${ports.inference}`,
      predictUrl: `http://127.0.0.1:${ports.inference}/v1/models/digits:predict`,
      trackerUrl: `http://127.0.0.1:${ports.tracker}`,
      runUrl: `http://127.0.0.1:${ports.tracker}/runs/run-4`,
      model: { name: "digits", version: "4", digest },
      metrics: { accuracy: 0.99 },
      gate: { verdict: "passed", rules: [] },
    });
  });
});

function valueOf(output: pulumi.Input<unknown>): Promise<unknown> {
  const resolved = pulumi.output(output) as unknown as pulumi.Output<unknown>;
  return new Promise((resolve) => resolved.apply(resolve));
}
