import { rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { digestOf } from "@updraft/contracts/digest";
import type { GateRules } from "@updraft/contracts/gate";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { smallExamples } from "../fixtures/small-network.ts";
import { smallPackage } from "../fixtures/small-package.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { measure } from "../evaluation/measures.ts";
import { publishPackage } from "../packaging/publish.ts";
import { deserialize } from "../packaging/serialize.ts";
import { createLocalTracking } from "../tracking/local-tracking.ts";
import { predict } from "../training/predict.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { decideGate, type Applicant } from "./decide.ts";

await loadTensorflow();

const test = smallExamples(40, 3);
const names = ["left", "right"];
/** Takes every tenth example for the other class. */
const probabilities = new Float32Array(2 * test.count);
for (const [index, label] of test.labels.entries()) {
  probabilities[2 * index + (index % 10 === 0 ? 1 - label : label)] = 1;
}
const applicant = {
  ...measure(probabilities, test.labels, names),
  probabilities,
  model: "small",
  digest: digestOf("applicant"),
  latencyP95Ms: 1,
  sizeBytes: 1000,
};

async function emptyStore() {
  return openArtifactStore(pathToFileURL(await temporaryFolder()).href);
}

/** A store with a champion in it. */
async function setUp() {
  const store = await emptyStore();
  const { registry } = createLocalTracking(store);
  const content = await smallPackage("r1", "passed");
  const published = await publishPackage(store, content);
  await registry.register("small", { ...published, runId: "r1", tags: {} });
  await registry.setAlias("small", "champion", "1");
  const answers = await predict(await deserialize(content), test);
  const warnings: string[] = [];
  const log = pino({ level: "warn" }, { write: (line) => void warnings.push(line) });
  const { signal } = new AbortController();
  const decide = (rules: GateRules, changes: Partial<Applicant> = {}) =>
    decideGate(rules, { ...applicant, ...changes }, test, { registry, signal, log });
  const measured = measure(answers, test.labels, names);
  return { decide, published, answers, measured, warnings };
}

describe("decideGate", () => {
  it("measures the champion on the test split of this run", async () => {
    const { decide, published, answers, measured } = await setUp();
    const { gate, champion } = await decide({ maxRegression: 0 });
    expect(applicant.accuracy).toBe(0.9);
    expect(gate.rules[0]?.value).toBeCloseTo(measured.accuracy - 0.9, 12);
    expect(gate.rules[0]?.reason).toContain("regression against champion version 1, ");
    const { accuracy, f1, precision, recall, logLoss, classes } = measured;
    expect(champion).toEqual({
      version: "1",
      digest: published.digest,
      accuracy,
      metrics: {
        accuracy,
        f1,
        precision,
        recall,
        minRecallPerClass: Math.min(...classes.map((one) => one.recall)),
        logLoss,
        sizeBytes: expect.any(Number),
      },
      probabilities: answers,
    });
  });

  it("takes a package that is the champion as its equal, without reading it again", async () => {
    const { decide, published } = await setUp();
    await rm(fileURLToPath(published.uri), { recursive: true });
    const { gate, champion } = await decide({ maxRegression: 0 }, { digest: published.digest });
    expect(gate).toMatchObject({ verdict: "passed", rules: [{ value: 0 }] });
    expect(champion).toMatchObject({ version: "1", accuracy: 0.9, probabilities });
  });

  it("does not decide when the champion cannot be read and a rule needs it", async () => {
    const { decide, published } = await setUp();
    await rm(fileURLToPath(`${published.uri}/weights.bin`));
    await expect(decide({ maxRegression: 1 })).rejects.toThrow(
      `champion version 1 cannot be measured, so the rule maxRegression cannot be decided: there is no file ${published.uri}/weights.bin`,
    );
  });

  it("only warns of it when no rule needs it", async () => {
    const { decide, published, warnings } = await setUp();
    await rm(fileURLToPath(`${published.uri}/weights.bin`));
    const { gate, champion } = await decide({ minAccuracy: 0.9 });
    expect([gate.verdict, champion]).toEqual(["passed", undefined]);
    expect(warnings.map((line): unknown => JSON.parse(line))).toMatchObject([
      {
        msg: `champion version 1 cannot be measured, so nothing is compared with it: there is no file ${published.uri}/weights.bin`,
      },
    ]);
  });

  it("has no champion that tells other classes apart", async () => {
    const { decide } = await setUp();
    const classes = ["left", "right", "top"].map((label) => ({
      label,
      precision: 0.9,
      recall: 0.9,
      f1: 0.9,
      support: 1,
    }));
    await expect(decide({ maxRegression: 1 }, { classes })).rejects.toThrow(
      "it tells 2 classes apart, and the test split has 3",
    );
  });

  it("compares with nobody while no version serves", async () => {
    const { registry } = createLocalTracking(await emptyStore());
    const { signal } = new AbortController();
    const surroundings = { registry, signal, log: pino({ level: "silent" }) };
    const { gate, champion } = await decideGate(
      { maxRegression: 0 },
      applicant,
      test,
      surroundings,
    );
    expect([gate.verdict, champion]).toEqual(["passed", undefined]);
  });
});
