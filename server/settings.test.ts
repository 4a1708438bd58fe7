import { describe, expect, it } from "vitest";
import { parseSettings } from "./settings.ts";

const followed = { MODEL_NAME: "digits", MODEL_ALIAS: "champion" };
const registry = { MLFLOW_TRACKING_URI: "http://tracker:5000/" };

describe("the server's settings", () => {
  it("have limits and an engine where nothing is said", () => {
    expect(parseSettings({ ...followed, ...registry })).toMatchObject({
      SERVER_ENGINE: "wasm",
      MODEL_POLL_SECONDS: 10,
      REQUEST_TIMEOUT_SECONDS: 10,
      MAX_BATCH_SIZE: 64,
      MAX_QUEUE_SIZE: 1024,
      MAX_INSTANCES: 1024,
      models: [{ name: "digits", alias: "champion" }],
      registry: { url: "http://tracker:5000", authorization: undefined },
    });
  });

  it("say everything that is wrong at once, with what was expected", () => {
    const wrong = { MAX_BATCH_SIZE: "0", SERVER_ENGINE: "onnx", ADMIN_TOKEN: "short" };
    expect(() => parseSettings({ ...followed, ...wrong })).toThrow(
      /^the server's settings cannot be used: ADMIN_TOKEN: expected at least 16 .*; SERVER_ENGINE: .*"wasm"\|"tfjs-node".*; MAX_BATCH_SIZE: .*>=1; MLFLOW_TRACKING_URI is not set: expected http:\/\/host:port of the tracker$/,
    );
  });

  it("need no registry for what is pinned", () => {
    const MODELS = JSON.stringify([
      { name: "digits", version: "3", uri: "file:///a", digest: `sha256:${"1".repeat(64)}` },
    ]);
    expect(parseSettings({ MODELS }).registry).toBeUndefined();
  });
});
