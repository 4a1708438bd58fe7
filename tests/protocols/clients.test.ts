import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonOf } from "../mlflow/support/python.ts";
import { seenBy, type ServedSums, serveNothing, serveSums } from "./served-sums.ts";

const requirements = join(import.meta.dirname, "requirements");
const clients = (await pythonOf(join(requirements, "inference-clients.txt"))) ?? "";
const mlserver = (await pythonOf(join(requirements, "mlserver.txt"))) ?? "";

/** What the model answers to 1, 2, 3, 4: their sum, and twice that. */
const values = [[10, 20]];

const model = {
  name: "sums",
  versions: ["7"],
  platform: "tensorflowjs_layersmodel",
  inputs: [{ name: "image", datatype: "FP32", shape: [-1, 2, 2, 1] }],
  outputs: [{ name: "sums", datatype: "FP32", shape: [-1, 2] }],
};
const index = [{ name: "sums", version: "7", state: "READY", reason: "" }];
const noModel = 'there is no model "other"; this server has "sums"';
const wrongShape = (shape: string) =>
  `"shape" of "image" is ${shape}; expected [n, 2, 2, 1] with at least one instance`;
const notAsked = (verb: string) =>
  `this server does not ${verb} "sums" when asked to: its settings say what it serves; change those`;
const wholeNumbers = ["UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64"];
/** The answers to 1, 2, 3, 4 in these datatypes and in BOOL, where each of them is true. */
const answersIn = (datatypes: readonly string[]) => ({
  BOOL: [[4, 8]],
  ...Object.fromEntries(datatypes.map((name) => [name, values])),
});

let server: ServedSums;

beforeAll(async () => {
  server = await serveSums();
});

afterAll(() => server?.stop());

describe.runIf(clients)("Triton's client", () => {
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    seen = (await seenBy("triton", clients, server.url)) as Record<string, unknown>;
  });

  it("finds the server and its model, and no other", () => {
    expect(seen).toMatchObject({
      live: true,
      ready: true,
      "model ready": [true, true, false, false],
      server: { name: "updraft", extensions: ["binary_tensor_data", "model_repository"] },
      model,
      "model's version": model,
      index,
    });
  });

  it("sends and gets JSON and bytes, each as it wishes, compressed or not", () => {
    const answer = { values, id: null, version: "7" };
    expect(seen).toMatchObject({
      bytes: { ...answer, id: "mine", binary: true },
      json: { ...answer, binary: false },
      "json to bytes": { ...answer, binary: true },
      "bytes to json": { ...answer, binary: false },
      "no wishes": [
        [10, 20],
        [20, 40],
      ],
      compressed: [values, values, values, values],
      "at once": ["0", "1", "2", "3", "4", "5", "6", "7"],
    });
  });

  it("sends every datatype that it has numbers for", () => {
    expect(seen["binary datatypes"]).toEqual(answersIn([...wholeNumbers, "FP16", "FP32", "FP64"]));
    expect(seen["json datatypes"]).toEqual(answersIn([...wholeNumbers, "FP32", "FP64"]));
  });

  it("shows what is wrong in the server's words", () => {
    expect(seen["errors"]).toEqual({
      model: ["404", noModel],
      version: ["404", 'there is no version 8 of "sums" here; version 7 serves'],
      shape: ["400", wrongShape("[2, 4]")],
      output: ["400", 'the name of a wanted output is "other"; expected "sums"'],
      range: [
        "400",
        'value 3 of instance 0 is 12; expected "image": 4 numbers of shape [2, 2, 1], each from 0 to 10',
      ],
      load: ["501", notAsked("load")],
      unload: ["501", notAsked("unload")],
    });
  });
});

describe.runIf(clients)("KServe's client", () => {
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    seen = (await seenBy("kserve_sdk", clients, server.url)) as Record<string, unknown>;
  });

  it("predicts over the first protocol, and shows what is wrong", () => {
    expect(seen["v1"]).toEqual({
      live: true,
      "model ready": true,
      "no model": `${noModel}, '404 Not Found' for url '/v1/models/other'`,
      row: { predictions: values },
      column: { outputs: values },
      wrong: `instance 0 has 1 values; expected "image": 4 numbers of shape [2, 2, 1], each from 0 to 10, '400 Bad Request' for url '/v1/models/sums:predict'`,
      explain:
        "this server does not explain, it predicts; ask with :predict, '501 Not Implemented' for url '/v1/models/sums:explain'",
    });
  });

  it("infers over the second protocol, and shows what is wrong", () => {
    const answer = { values, id: "mine", model: "sums", binary: false };
    expect(seen["v2"]).toEqual({
      live: true,
      ready: true,
      "model ready": [true, false],
      json: answer,
      bytes: answer,
      "half bytes": answer,
      "whole numbers": answer,
      "bytes to bytes": { ...answer, binary: true },
      "has an id": true,
      "no model": `${noModel}, '404 Not Found' for url '/v2/models/other/infer'`,
      wrong: `the input's name is "picture"; expected "image", '400 Bad Request' for url '/v2/models/sums/infer'`,
    });
  });
});

describe.runIf(clients)("a server that has no model yet", () => {
  it("lives and is not ready, as Triton's and KServe's clients see it", async () => {
    const waiting = await serveNothing();
    try {
      const notReady = { live: true, "model ready": false };
      expect(await seenBy("not_ready", clients, waiting.url)).toEqual({
        triton: {
          ...notReady,
          ready: false,
          index: [
            { name: "sums", version: "", state: "UNAVAILABLE", reason: "the model is not loaded" },
          ],
        },
        v1: notReady,
        v2: { ...notReady, ready: 503 },
      });
    } finally {
      await waiting.stop();
    }
  });
});

describe.runIf(mlserver)("MLServer's schemas", () => {
  it("describe what the server answers, and it takes what they write", async () => {
    const answer = [
      "mine",
      "sums",
      "7",
      [
        [6, 12],
        [22, 44],
      ],
    ];
    expect(await seenBy("mlserver_types", mlserver, server.url)).toEqual({
      model,
      server: "updraft",
      index,
      answer,
      "answer without nulls": answer,
      refused: wrongShape("[1, 4]"),
    });
  });
});
