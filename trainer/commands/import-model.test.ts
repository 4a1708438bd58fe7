import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOfFiles, sha256 } from "@updraft/contracts/digest";
import { graphNetwork } from "@updraft/contracts/fixtures/graph-network";
import { readPackage } from "@updraft/contracts/model-package";
import { describe, expect, it } from "vitest";
import { trackedEnvironment, untrackedEnvironment } from "../fixtures/environment.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { runsOf, tagsOfVersion } from "../fixtures/tracker-process.ts";

const iris = { TRAINER_MODEL: "iris", TRAINER_HYPERPARAMETERS: '{"epochs": 30}' };

/** A linear classifier of irises, as its weights were found elsewhere. */
const linear = graphNetwork(
  [
    [0.9, 0.6, -1.5],
    [2.1, -0.4, -1.8],
    [-2.9, 0.3, 2.6],
    [-1.3, -1.2, 2.5],
  ],
  { softmax: true },
);

/** A folder with a network of tfjs. */
async function exported({ model, weights }: typeof linear, name = "elsewhere"): Promise<string> {
  const folder = join(await temporaryFolder(), name);
  await mkdir(folder);
  await writeFile(join(folder, "model.json"), model);
  await writeFile(join(folder, "weights.bin"), weights);
  return folder;
}

function digestOfNetwork({ model, weights }: typeof linear) {
  return digestOfFiles([
    { path: "model.json", sha256: sha256(model) },
    { path: "weights.bin", sha256: sha256(weights) },
  ]);
}

describe("import", { timeout: 120_000 }, () => {
  it("makes of a network's files the package that its training made", async () => {
    const { release } = await untrackedEnvironment("fisher", iris);
    const trained = await release(["train"]);
    const { model, weights } = await readPackage(trained.uri, trained.digest);
    const folder = join(await temporaryFolder(), "copy");
    await mkdir(folder);
    for (const file of ["model.json", "weights.bin"]) {
      await cp(join(fileURLToPath(trained.uri), file), join(folder, file));
    }
    const elsewhere = await untrackedEnvironment("fisher", iris);
    const imported = await elsewhere.release(["import", "--from", folder]);
    expect(imported.digest).toBe(trained.digest);
    expect(imported.intervals).toEqual(trained.intervals);
    expect(imported.lineage).toEqual({
      ...trained.lineage,
      runId: imported.runId,
      hyperparameters: {},
      importedFrom: {
        format: "tfjs-layers-model",
        name: "copy",
        digest: digestOfNetwork({ model, weights }),
      },
    });
  });

  it("releases a graph, which another stack then takes over", async () => {
    const { release, tracker } = await trackedEnvironment("fisher", {
      ...iris,
      TRAINER_STACK: "dev",
    });
    const imported = await release(["import", "--from", await exported(linear)]);
    expect(imported).toMatchObject({ model: "iris", version: "1", gate: { verdict: "passed" } });
    expect(imported.lineage).toMatchObject({
      hyperparameters: {},
      importedFrom: {
        format: "tfjs-graph-model",
        name: "elsewhere",
        digest: digestOfNetwork(linear),
      },
    });
    const [run] = await runsOf(tracker, "iris");
    expect(run).toMatchObject({
      id: imported.runId,
      status: "FINISHED",
      params: { importedFrom: `elsewhere ${digestOfNetwork(linear)}` },
    });
    expect(await tagsOfVersion(tracker, "1", "iris")).toMatchObject({ "updraft.gate": "passed" });

    const prod = await untrackedEnvironment("fisher", { ...iris, TRAINER_STACK: "prod" });
    const source = JSON.stringify({ stack: "dev", release: imported });
    const promoted = await prod.release(["promote"], { TRAINER_SOURCE: source });
    expect(promoted.digest).toBe(imported.digest);
    expect(promoted.lineage).toEqual(imported.lineage);
  });

  it("refuses what the model is not, closes the run with the reason and registers nothing", async () => {
    const { run, tracker } = await trackedEnvironment("fisher", iris);
    const from = await exported(graphNetwork([[1, 0, 0]]), "line");
    const { code, outcome } = await run(["import", "--from", from]);
    const message =
      "line cannot be imported as iris: it takes float32 [-1, 1], and iris takes measurements float32 [-1, 4]; export it with this input, its preparation inside";
    expect([code, outcome]).toMatchObject([1, { status: "failed", failure: { message } }]);
    expect(await runsOf(tracker, "iris")).toMatchObject([
      { status: "FAILED", tags: { "updraft.failure": message } },
    ]);
  });

  it("lets the gate turn it down", async () => {
    const { run } = await untrackedEnvironment("fisher", iris);
    const none = graphNetwork(
      Array.from({ length: 4 }, () => [1, 0, 0]),
      { softmax: true },
    );
    const gate = '{"minAccuracy": 0.9}';
    const from = await exported(none);
    const { code, outcome } = await run(["import", "--from", from, "--gate", gate]);
    expect(code).toBe(4);
    expect(outcome).toMatchObject({
      status: "failed",
      failure: { exitCode: 4, gate: { verdict: "failed" } },
    });
  });

  it("says what is missing when it is not told what to import", async () => {
    const { run } = await untrackedEnvironment("fisher", iris);
    const { code, stderr } = await run(["import"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--from is not set: name the model to import");
  });
});
