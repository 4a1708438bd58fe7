import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "@updraft/contracts/cache-folder";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "./tracker-under-test.ts";

const run = promisify(execFile);

const client = "mlflow-skinny==3.17.2";

/** Where the client is, or why it is not to be had. */
type Python = { readonly executable: string } | { readonly missing: string };

const python = await pythonWithClient();

/**
 * A virtual environment with MLflow's client, made once and kept in the cache folder. It is made
 * under another name and renamed, so that it is there as a whole or not at all.
 */
async function pythonWithClient(): Promise<Python> {
  const cache = cacheFolder(process.env);
  const environment = join(cache, client.replace("==", "-"));
  const executable = join(environment, "bin", "python");
  if (await isThere(executable)) return { executable };
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(`${environment}.`);
  try {
    await run("python3", ["-m", "venv", "--copies", unfinished]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", client];
    await run(join(unfinished, "bin", "python"), pip, { timeout: 240_000 });
    await rename(unfinished, environment);
    return { executable };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (await isThere(executable)) return { executable };
    const { message } = error as Error;
    return { missing: message.trim().split("\n").at(-1) ?? message };
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

if ("missing" in python) {
  process.stderr.write(
    `skipped: MLflow's own client against the tracker, which needs python3 with venv and ${client} (${python.missing})\n`,
  );
}

describe.runIf("executable" in python)("MLflow's own client", () => {
  let tracker: TrackerUnderTest;
  let folder: string;
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    tracker = await startTracker();
    folder = await mkdtemp(join(tmpdir(), "mlflow-client-"));
    const script = fileURLToPath(new URL("mlflow-client.py", import.meta.url));
    const { stdout } = await run(
      "executable" in python ? python.executable : "",
      [script, folder],
      {
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          MLFLOW_TRACKING_URI: tracker.url,
          // An error of the server is to be seen, not to be retried for minutes.
          MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0",
          MLFLOW_DISABLE_TELEMETRY: "true",
          MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: "false",
        },
        timeout: 100_000,
      },
    );
    seen = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
  }, 120_000);

  afterAll(async () => {
    await tracker.stop();
    await rm(folder, { recursive: true });
  });

  it("makes, finds, tags, renames, deletes and restores experiments", () => {
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

  it("logs a run and reads all of it back", () => {
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

  it("logs, lists and downloads artifacts", () => {
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

  it("searches runs", () => {
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

  it("registers models and versions, and moves aliases", () => {
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

  it("meets no error of the tracker's own", () => {
    expect(tracker.logged).toEqual([]);
  });
});
