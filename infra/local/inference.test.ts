import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@updraft/contracts/release";
import { beforeEach, describe, expect, it } from "vitest";
import { LocalInference } from "../config/inference.ts";
import type { ObjectStoreOutputs } from "../platform.ts";
import type { Environment } from "./environment.ts";
import { Inference } from "./inference.ts";

const digest = `sha256:${"a".repeat(64)}` as const;
const token = "a-token-that-nobody-else-has";
const release: Release = {
  model: "digits",
  version: "4",
  digest,
  uri: "file:///stack/store/models/digits/aaaa",
  runId: "run-4",
  datasetDigest: digest,
  metrics: {},
  gate: { verdict: "passed", rules: [] },
};
const model = {
  HOST: "127.0.0.1",
  PORT: "8080",
  MODEL_NAME: "digits",
  MODEL_VERSION: "4",
  MODEL_URI: release.uri,
  MODEL_DIGEST: digest,
};

describe("the environment of the server's process", () => {
  let environment: unknown;

  beforeEach(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource({ type, name, inputs }) {
          if (type === "updraft:local:Service") environment = inputs.env;
          return { id: `${name}-id`, state: { ...inputs, url: "http://127.0.0.1:8080" } };
        },
        call: () => ({}),
      },
      "updraft",
      "dev",
    );
  });

  /** The environment with these settings. */
  async function made(settings: object, given?: string): Promise<unknown> {
    new Inference("inference", {
      environment: { folder: pulumi.output("/stack") } as unknown as Environment,
      store: { variables: {} } as unknown as ObjectStoreOutputs,
      release: pulumi.output(release),
      settings: LocalInference.parse(settings),
      token: given === undefined ? undefined : pulumi.secret(given),
    });
    await pulumi.runtime.disconnect();
    return environment;
  }

  it("names the model alone where nothing else is set", async () => {
    expect(await made({})).toEqual(model);
  });

  it("says whose pages may ask, and where spans go", async () => {
    const corsOrigins = ["https://app.example.com", "http://localhost:3000"];
    expect(await made({ corsOrigins, traces: "http://127.0.0.1:4318/" })).toEqual({
      ...model,
      CORS_ORIGINS: "https://app.example.com,http://localhost:3000",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    });
  });

  // A secret inside an object makes the object one, which the mocks show by its wrapper.
  it("has the token as a secret", async () => {
    expect(await made({}, token)).toEqual({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: { ...model, PREDICT_TOKEN: token },
    });
  });
});
