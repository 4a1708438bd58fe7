import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf } from "@updraft/contracts/digest";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import {
  smallData,
  trackedEnvironment,
  untrackedEnvironment,
  type Environment,
} from "../fixtures/environment.ts";
import { digitsPackage } from "../fixtures/released-digits.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { registryOf, runsOf } from "../fixtures/tracker-process.ts";
import type { TrainerResult } from "../fixtures/trainer-process.ts";
import { publishPackage } from "../packaging/publish.ts";
import { openTracking } from "../tracking/open-tracking.ts";
import { releaseVersion } from "../tracking/release-version.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import type { EvaluatedPackage } from "./evaluate.ts";

await loadTensorflow();

/** What an evaluation has printed as its last line. */
function evaluatedIn({ stdout, stderr }: TrainerResult): EvaluatedPackage {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`there is no JSON: ${stdout} ${stderr}`);
  const evaluated: EvaluatedPackage = JSON.parse(line);
  return evaluated;
}

/** Every file of a store with its content. */
async function filesIn({ storeUri }: Environment): Promise<Record<string, string>> {
  const folder = fileURLToPath(storeUri);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, "base64")])),
  );
}

/** Registers two versions that were never trained; the second one serves. */
async function withVersions(environment: Environment, trackingUri?: string) {
  const store = openArtifactStore(environment.storeUri);
  const { signal } = new AbortController();
  const log = pino({ level: "silent" });
  const { registry } = openTracking({ trackingUri, store, variables: {}, signal, log });
  const versions = [];
  for (const seed of [1, 2]) {
    const content = await digitsPackage(seed);
    const published = await publishPackage(store, content);
    const arrival = { runId: `run-of-seed-${seed}`, datasetDigest: digestOf("data") };
    await releaseVersion(registry, content.card, published, arrival);
    versions.push(published);
  }
  const [first, second] = versions;
  if (!first || !second) throw new Error("unreachable: there are two");
  return { first, second };
}

const lenient = '{"minAccuracy": 0.001, "maxDataWarnings": 9}';
const strict = '{"minAccuracy": 0.9999, "decideOn": "interval"}';

describe("evaluate", { timeout: 120_000 }, () => {
  it("says what the gate would say, in a table and as JSON, and changes nothing", async () => {
    const environment = await untrackedEnvironment(await smallData());
    const { first, second } = await withVersions(environment);
    const before = await filesIn(environment);

    const gate = '{"minAccuracy": 0.001, "minImprovement": 1}';
    const one = await environment.run(["evaluate", "--package", "1", "--json", "--gate", gate]);
    expect(one.code).toBe(4);
    const evaluated = evaluatedIn(one);
    expect(evaluated).toMatchObject({ model: "digits", version: "1", ...first });
    expect(evaluated.comparison).toMatchObject({ version: "2", digest: second.digest });
    expect(evaluated.gate.rules.map(({ rule, verdict }) => [rule, verdict])).toEqual([
      ["minAccuracy", "passed"],
      ["minImprovement", "failed"],
    ]);
    expect(Object.keys(evaluated.metrics)).toEqual(
      expect.arrayContaining(["rocAuc", "ece", "latencyP50Ms", "throughputPerSecond"]),
    );
    expect(one.stdout).toMatch(/^measure +value +95 % interval +version 2 +difference \(95 %\)$/m);
    expect(one.stdout).toMatch(/^minImprovement +-?[\d.]+ +1 +failed$/m);
    expect(one.stdout).toContain(
      `digits version 1 (${first.digest}) would not pass the gate: improvement on champion version 2, `,
    );

    const out = await temporaryFolder();
    const flags = ["--package", "champion", "--out", out, "--gate", lenient];
    const serving = await environment.run(["evaluate", ...flags]);
    expect(serving.code).toBe(0);
    expect(serving.stdout).toContain(`digits version 2 (${second.digest}) would pass the gate\n`);
    expect(await readdir(out)).toContain("roc.svg");

    expect(await filesIn(environment)).toEqual(before);
  });

  it("takes a folder that no registry knows, and judges it alone", async () => {
    const elsewhere = await untrackedEnvironment("file:///none");
    const { first } = await withVersions(elsewhere);
    const environment = await untrackedEnvironment(await smallData());
    const flags = ["--package", `${first.uri}/`, "--json", "--gate", strict];
    const result = await environment.run(["evaluate", ...flags]);
    expect(result.code).toBe(4);
    const evaluated = evaluatedIn(result);
    expect(evaluated.digest).toBe(first.digest);
    expect(evaluated).not.toHaveProperty("version");
    expect(evaluated).not.toHaveProperty("comparison");
    const [rule] = evaluated.gate.rules;
    expect(rule?.measured).toEqual({
      value: evaluated.metrics["accuracy"],
      ...evaluated.intervals["accuracy"],
    });
    expect(rule?.value).toBe(evaluated.intervals["accuracy"]?.low);
  });

  it("leaves a run in the tracker if it is told to, and moves no alias", async () => {
    const environment = await trackedEnvironment(await smallData());
    const { tracker } = environment;
    const { first } = await withVersions(environment, tracker.uri);
    const registered = await registryOf(tracker);
    const flags = ["--package", first.digest, "--log", "--json", "--gate", strict];
    const logged = await environment.run(["evaluate", ...flags]);
    expect(logged.code).toBe(4);
    const { runId, metrics } = evaluatedIn(logged);
    expect(await registryOf(tracker)).toEqual(registered);
    expect(await runsOf(tracker)).toMatchObject([
      {
        id: runId,
        status: "FINISHED",
        metrics: { accuracy: metrics["accuracy"] },
        tags: { "updraft.evaluated": first.digest, "updraft.gate": "failed" },
      },
    ]);
  });

  it("refuses what it cannot judge, and says so as JSON too", async () => {
    const environment = await untrackedEnvironment(await smallData());
    const unnamed = await environment.run(["evaluate", "--log"]);
    expect([unnamed.code, unnamed.stderr.trim().split("\n")]).toEqual([
      2,
      [
        "TRAINER_PACKAGE is not set: say what to evaluate, as --package champion, a version, a digest, or the address of a package's folder",
        "--log: there is no tracker to log to; set MLFLOW_TRACKING_URI to its address",
      ],
    ]);
    const unknown = await environment.run(["evaluate", "--package", "7", "--json"]);
    expect(unknown.code).toBe(2);
    expect(JSON.parse(unknown.stdout)).toEqual({
      exitCode: 2,
      message:
        "TRAINER_PACKAGE 7: there is no such package of digits; name a version, champion, challenger, a digest, or the address of a package's folder",
    });
  });
});
