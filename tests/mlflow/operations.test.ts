import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonWith, type PackageSet } from "./support/python.ts";
import type { ServerProcess } from "./support/process.ts";
import { runScript } from "./support/script.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startUpdraft } from "./support/trackers.ts";

const sets: readonly PackageSet[] = ["mlflow", "mlflow-skinny", "mlflow-2"];
const clients = await Promise.all(
  sets.map(async (set) => ({ set, python: await pythonWith(set) })),
);

describe.each(clients)("MLflow's own client, $set", ({ python }) => {
  let tracker: ServerProcess;
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    const folder = await temporaryFolder();
    tracker = await startUpdraft(folder);
    seen = (await runScript("operations", {
      python: python ?? "",
      trackingUri: tracker.url,
      folder,
    })) as Record<string, unknown>;
  });

  afterAll(() => tracker?.stop());

  it.runIf(python)("makes, finds, tags, renames, deletes and restores experiments", () => {
    expect(seen.experiments).toEqual({
      location: "mlflow-artifacts:/1",
      tags: { team: "vision" },
      missing: null,
      deleted: ["renamed"],
      all: ["Default", "digits", "renamed"],
      "by tag": ["digits"],
      twice: "RESOURCE_ALREADY_EXISTS",
    });
  });

  it.runIf(python)("logs a run and reads all of it back", () => {
    expect(seen.run).toEqual({
      status: "FINISHED",
      name: ["renamed", "renamed"],
      uri: "mlflow-artifacts:/1/<run>/artifacts",
      ended: true,
      params: { epochs: "3", rate: "0.001", note: "schnell & gut ✓", p: "1" },
      metrics: {
        accuracy: "0.99",
        best: "inf",
        loss: "0.25",
        many: "142.71428571428572",
        worst: "-inf",
      },
      tags: { "updraft.gate": "passed", a: "1", b: null, t: "2" },
      losses: ["0.5", "nan", "0.25"],
      history: [1000, true],
      inputs: [["mnist-10k", "a1b2c3", "training"]],
      "same param": "1",
      "other param": "INVALID_PARAMETER_VALUE",
      "no run": "RESOURCE_DOES_NOT_EXIST",
      "no tag": "RESOURCE_DOES_NOT_EXIST",
    });
  });

  it.runIf(python)("logs, lists and downloads artifacts", () => {
    expect(seen.artifacts).toEqual({
      listed: [
        ["evaluation", true],
        ["model", true],
        ["notes", true],
      ],
      below: [
        ["evaluation/loss curve.svg", false, 41],
        ["evaluation/numbers.json", false, 29],
      ],
      text: "one\n",
      loaded: { x: [1, 2] },
      big: true,
    });
  });

  it.runIf(python)("searches runs", () => {
    expect(seen.search).toEqual({
      pages: [["still going", "run 4"], ["run 3", "run 2"], ["run 1", "run 0"], ["renamed"]],
      "oldest first": ["run 0", "run 2", "run 4"],
      running: ["still going"],
      "tag and metric": ["run 4", "run 2"],
      "by score": ["run 4", "run 2", "run 1", "run 0", "run 3"],
      nothing: [],
      bad: "INVALID_PARAMETER_VALUE",
      deleted: ["KILLED"],
      "log to deleted": "INVALID_PARAMETER_VALUE",
    });
  });

  it.runIf(python)("registers models and versions, and moves aliases", () => {
    expect(seen.registry).toEqual({
      first: ["1", "READY", true, { "updraft.digest": "sha256:1" }],
      champion: [
        "2",
        ["champion"],
        "better",
        { "updraft.digest": "sha256:2", "updraft.gate": "passed" },
      ],
      model: ["Reads digits", { kind: "image", owner: "me" }, { champion: "2" }],
      latest: ["2"],
      versions: ["2", "1"],
      "by tag": ["1"],
      models: ["digits"],
      named: ["digits"],
      download: ["runs:/<run>/model", "mlflow-artifacts:/1/<run>/artifacts/model"],
      twice: "RESOURCE_ALREADY_EXISTS",
      "no alias": "INVALID_PARAMETER_VALUE",
      "no version": "RESOURCE_DOES_NOT_EXIST",
      "no model": "RESOURCE_DOES_NOT_EXIST",
      after: ["3", {}, ["3", "1"]],
      left: [],
    });
  });

  it.runIf(python)("meets no error of the tracker's own", () => {
    expect(tracker.output()).toBe("");
  });
});
