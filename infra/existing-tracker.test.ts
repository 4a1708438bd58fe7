import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "@updraft/contracts/free-port";

const digest = `sha256:${"a".repeat(64)}`;
const uri = `mlflow-artifacts:/models/digits/${"a".repeat(64)}`;
const release = {
  model: "digits",
  version: "4",
  digest,
  uri,
  runId: "run-4",
  experimentId: "7",
  datasetDigest: digest,
  metrics: { accuracy: 0.99 },
  gate: { verdict: "passed", rules: [] },
};
const token = "a-token-that-nobody-else-has";

describe("the program with a tracker that is there already", () => {
  const registered: { type: string; name: string; inputs: Record<string, unknown> }[] = [];
  // Says yes to all that the preflight asks.
  const tracker = createServer((_, response) => response.end("{}"));
  let trackerUrl: string;
  let program: Record<string, pulumi.Output<unknown>>;

  beforeAll(async () => {
    await new Promise<void>((resolve) => tracker.listen(0, "127.0.0.1", resolve));
    trackerUrl = `http://127.0.0.1:${(tracker.address() as AddressInfo).port}`;
    const folder = join(await mkdtemp(join(tmpdir(), "updraft-program-")), "dev");
    await pulumi.runtime.setMocks(
      {
        newResource({ type, name, inputs }) {
          registered.push({ type, name, inputs });
          const computed = type === "updraft:local:Task" ? { release } : { url: "http://a:1" };
          return { id: `${name}-id`, state: { ...inputs, ...computed } };
        },
        call: () => ({}),
      },
      "updraft",
      "dev",
    );
    pulumi.runtime.setAllConfig({
      "updraft:tracker": JSON.stringify({ uri: `${trackerUrl}/` }),
      "updraft:trackerToken": token,
      "updraft:inference": JSON.stringify({ port: await freePort() }),
      "updraft:store": JSON.stringify({ path: folder }),
    });
    await pulumi.runtime.runInPulumiStack(async () => {
      program = (await import("./index.ts")) as unknown as typeof program;
    });
    await pulumi.runtime.disconnect();
  });

  afterAll(() => void tracker.close());

  const inputsOf = (name: string) =>
    registered.find((resource) => resource.name === name)?.inputs ?? {};

  it("starts no tracker", () => {
    const services = registered.filter(({ type }) => type === "updraft:local:Service");
    expect(services.map(({ name }) => name)).toEqual(["inference-service"]);
  });

  // A secret inside an object makes the object one, which the mocks show by its wrapper.
  it("keeps packages behind its proxy, and trains again for another tracker", () => {
    expect(inputsOf("training-run")).toMatchObject({
      env: { value: { TRAINER_STORE_URI: "mlflow-artifacts:/", MLFLOW_TRACKING_URI: trackerUrl } },
      triggers: { tracker: trackerUrl },
    });
    expect(inputsOf("inference-service")).toMatchObject({
      env: { value: { MODEL_URI: uri, MLFLOW_TRACKING_URI: trackerUrl } },
    });
  });

  it.each(["training-run", "inference-service"])("gives %s the token as a secret", (name) => {
    const inputs = JSON.stringify(inputsOf(name));
    expect(inputs).toContain(token);
    expect(JSON.stringify(withoutSecrets(inputsOf(name)))).not.toContain(token);
  });

  it("leads to the pages that such a tracker has", async () => {
    expect(await valueOf(program["trackerUrl"])).toBe(trackerUrl);
    expect(await valueOf(program["runUrl"])).toBe(`${trackerUrl}/#/experiments/7/runs/run-4`);
  });
});

const signatureKey = "4dabf18193072939515e22adb298388d";

/** The value without what is wrapped as a secret. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (signatureKey in value) return undefined;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]),
  );
}

function valueOf(output: pulumi.Input<unknown>): Promise<unknown> {
  const resolved = pulumi.output(output) as unknown as pulumi.Output<unknown>;
  return new Promise((resolve) => resolved.apply(resolve));
}
