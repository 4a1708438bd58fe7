import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { packagePath } from "@updraft/contracts/model-package";
import type { Release } from "@updraft/contracts/release";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { classify, realDigits } from "../e2e/digits.ts";
import { pythonWith } from "./support/python.ts";
import type { ServerProcess } from "./support/process.ts";
import { runCommand } from "./support/script.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startMlflow } from "./support/trackers.ts";
import {
  killTrainerAfter,
  releaseOf,
  runTrainer,
  runTrial,
  serveRelease,
} from "./support/updraft.ts";

const python = await pythonWith("mlflow");

const Pairs = z.array(z.object({ key: z.string(), value: z.string() })).default([]);
const Run = z.object({
  info: z.object({ run_id: z.string(), status: z.string(), artifact_uri: z.string() }),
  data: z.object({
    tags: Pairs,
    params: Pairs,
    metrics: z.array(z.object({ key: z.string(), value: z.union([z.number(), z.string()]) })),
  }),
});
const Version = z.object({ version: z.string(), source: z.string(), tags: Pairs });

// Each test goes on where the one before it stopped.
describe.runIf(python)("trainer and server with a real MLflow server", () => {
  let folder: string;
  let mlflow: ServerProcess;
  let variables: Record<string, string>;
  let first: Release;

  beforeAll(async () => {
    folder = await temporaryFolder();
    mlflow = await startMlflow(python ?? "", join(folder, "mlflow"));
    variables = { MLFLOW_TRACKING_URI: mlflow.url, TRAINER_STORE_URI: "mlflow-artifacts:/" };
  });

  afterAll(() => mlflow?.stop());

  const call = async <T>(path: string, answer: z.ZodType<T>): Promise<T> => {
    const response = await fetch(`${mlflow.url}/api/2.0/mlflow/${path}`);
    return answer.parse(await response.json());
  };
  const runOf = async (id: string) =>
    (await call(`runs/get?run_id=${id}`, z.object({ run: Run }))).run;
  const versionOf = async (alias: string) => {
    const path = `registered-models/alias?name=digits&alias=${alias}`;
    return (await call(path, z.object({ model_version: Version }))).model_version;
  };
  const client = () => ({ python: python ?? "", trackingUri: mlflow.url, folder });

  it("records a run with metrics, parameters, data and artifacts", async () => {
    first = releaseOf(await runTrainer(folder, variables));
    const run = await runOf(first.runId);
    expect(run.info.status).toBe("FINISHED");
    expect(valueOf(run.data.tags, "updraft.gate")).toBe("passed");
    expect(valueOf(run.data.params, "epochs")).toBe("1");
    expect(run.data.metrics.find(({ key }) => key === "accuracy")?.value).toBe(
      first.metrics["accuracy"],
    );
    const listing = await runCommand(["artifacts", "list", "-r", first.runId], client());
    expect(JSON.parse(listing)).toContainEqual({ path: "evaluation", is_dir: true });
  });

  it("keeps the package behind the server's proxy, by its digest", async () => {
    const path = packagePath("digits", first.digest);
    expect(first).toMatchObject({ version: "1", uri: `mlflow-artifacts:/${path}` });
    expect(await readdir(join(folder, "mlflow/artifacts", path))).toContain("weights.bin");
  });

  it("registers a version that MLflow's clients can download", async () => {
    const { info } = await runOf(first.runId);
    const champion = await versionOf("champion");
    expect(champion.source).toBe(`${info.artifact_uri}/package`);
    expect(valueOf(champion.tags, "updraft.digest")).toBe(first.digest);
    const target = join(folder, "downloaded");
    const uri = "models:/digits@champion";
    await runCommand(["artifacts", "download", "-u", uri, "-d", target], client());
    const files = await readdir(target, { recursive: true });
    expect(files.filter((file) => file.endsWith(".bin"))).toHaveLength(1);
    expect(files.filter((file) => file.endsWith("card.json"))).toHaveLength(1);
  });

  it("serves the package from there", async () => {
    const server = await serveRelease(first, { MLFLOW_TRACKING_URI: mlflow.url });
    try {
      const digits = realDigits();
      const answers = await classify(`${server.url}/v1/models/digits:predict`, digits);
      const right = answers.filter((answer, index) => answer === digits[index]?.label);
      expect(right.length).toBeGreaterThanOrEqual(6);
    } finally {
      await server.stop();
    }
  });

  it("finds that the same package is the same version", async () => {
    const again = releaseOf(await runTrainer(folder, variables));
    expect(again).toMatchObject({ digest: first.digest, version: "1", uri: first.uri });
    expect(again.runId).not.toBe(first.runId);
  });

  it("measures the champion that it reads from there, and lets a gate fail", async () => {
    const failed = await runTrainer(folder, variables, [
      "--seed=2",
      '--gate={"minAccuracy": 0.9999, "maxRegression": 0.2}',
    ]);
    expect(failed.code, failed.output).toBe(4);
    expect(failed.output).toMatch(/^maxRegression +-?0\.\d+ +0\.2 +passed$/m);
    expect((await versionOf("champion")).version).toBe("1");
    expect((await versionOf("challenger")).version).toBe("2");
    const { runId = "" } = failed.outcome.status === "failed" ? failed.outcome.failure : {};
    const run = await runOf(runId);
    expect(run.info.status).toBe("FAILED");
    expect(valueOf(run.data.tags, "updraft.failure")).toContain("minAccuracy");
  });

  it("puts a better one in its place", async () => {
    const second = releaseOf(await runTrainer(folder, variables, ["--seed", "3"]));
    expect(second.version).toBe("3");
    expect((await versionOf("champion")).version).toBe("3");
  });

  it("releases the best trial of a sweep, whose runs are children of one", async () => {
    const trials = JSON.stringify([{ units: 8 }, { units: 16 }]);
    const sweep = { TRAINER_SWEEP_ID: "sweep-1", TRAINER_SWEEP_TRIALS: trials };
    for (const index of ["0", "1"]) {
      const own = { ...variables, ...sweep, JOB_COMPLETION_INDEX: index };
      const { code, output } = await runTrial(folder, own);
      expect(code, output).toBe(0);
    }
    const release = releaseOf(await runTrainer(folder, { ...variables, ...sweep }));
    const parent = await runOf(release.runId);
    expect(parent.info.status).toBe("FINISHED");
    expect(valueOf(parent.data.params, "units")).toMatch(/^(?:8|16)$/);
    const best = await runOf(valueOf(parent.data.tags, "updraft.sweep.best") ?? "");
    expect(valueOf(best.data.tags, "mlflow.parentRunId")).toBe(release.runId);
    expect(valueOf(best.data.tags, "updraft.digest")).toBe(release.digest);
    expect(best.info.status).toBe("FINISHED");
  });

  it("takes a store in a folder as well, and a champion in another store", async () => {
    const { TRAINER_STORE_URI: _removed, ...ownStore } = variables;
    const result = releaseOf(await runTrainer(folder, ownStore, ["--seed", "4"]));
    expect(result.uri).toMatch(/^file:\/\/\//);
    const { source } = await versionOf("champion");
    expect(source).toMatch(/^mlflow-artifacts:.*\/artifacts\/package$/);
  });

  it("goes on in the run of a trainer that was killed, and logs no epoch twice", async () => {
    const flags = ["--seed", "5", "--epochs", "4"];
    await killTrainerAfter(/^epoch 3\/4 /m, folder, variables, flags);
    const result = await runTrainer(folder, variables, [...flags, "--resume", "always"]);
    const { runId } = releaseOf(result);
    expect(result.output).toMatch(
      new RegExp(`^goes on after epoch [23] of the run ${runId}, `, "m"),
    );
    expect((await runOf(runId)).info.status).toBe("FINISHED");
    const Steps = z.object({ metrics: z.array(z.object({ step: z.number().default(0) })) });
    const path = `metrics/get-history?run_id=${runId}&metric_key=val_loss`;
    expect((await call(path, Steps)).metrics.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  });

  it("takes metrics that are no finite numbers in the words that the trainer has for them", async () => {
    const metrics = Object.entries({ nan: "NaN", up: "Infinity", down: "-Infinity" }).map(
      ([key, value]) => ({ key, value, timestamp: 1, step: 0 }),
    );
    const response = await fetch(`${mlflow.url}/api/2.0/mlflow/runs/log-batch`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ run_id: first.runId, metrics }),
    });
    expect([response.status, await response.text()]).toEqual([200, "{}"]);
    const { data } = await runOf(first.runId);
    expect(data.metrics).toContainEqual(expect.objectContaining({ key: "nan", value: "NaN" }));
  });
});

function valueOf(pairs: z.infer<typeof Pairs>, key: string): string | undefined {
  return pairs.find((pair) => pair.key === key)?.value;
}
