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
      model: { name: "digits", hyperparameters: {}, retrain: "always" },
      inference: { port: 8080 },
      tracker: { port: 5000 },
      store: { keep: false },
    });
  });

  it("reads objects from the JSON that the engine hands over and leaves other projects' keys", () => {
    const config = parseConfig("updraft", {
      "updraft:model": '{"name":"digits","hyperparameters":{"epochs":3},"retrain":"on-change"}',
      "updraft:gate": '{"minAccuracy":0.97}',
      "aws:region": "eu-central-1",
    });
    expect(config.model).toEqual({
      name: "digits",
      hyperparameters: { epochs: 3 },
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
        "  - updraft:modle is not a key of the configuration; known here: target, model, gate, inference, tracker, trackerToken, trackerUsername, trackerPassword, store",
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
    });
    expect(config.tracker.uri).toBe("http://tracker.example:5000/mlflow");
    expect(config.trackerToken).toBe("1234");
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
  ])("refuses %j", (values, problem) => {
    expect(problems(values as unknown as Record<string, string>)).toContain(problem);
  });

  it("refuses a secret in plain text, without showing it", () => {
    const values = { "updraft:trackerToken": "a token that is long enough" };
    expect(() => parseConfig("updraft", values, () => false)).toThrow(
      /^the configuration has a problem:\n {2}- updraft:trackerToken is in the configuration in plain text; set it with: pulumi config set --secret updraft:trackerToken$/,
    );
  });

  it("refuses one port for two services", () => {
    expect(problems({ "updraft:inference": '{"port":5000}' })).toContain(
      "updraft:inference.port and updraft:tracker.port are both 5000",
    );
  });
});
