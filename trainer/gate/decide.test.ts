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
import { evaluatorOf } from "../evaluation/evaluator.ts";
import { publishPackage } from "../packaging/publish.ts";
import { deserialize } from "../packaging/serialize.ts";
import { createLocalTracking } from "../tracking/local-tracking.ts";
import { predict } from "../training/predict.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { decideGate, type Applicant } from "./decide.ts";

await loadTensorflow();

const test = smallExamples(40, 3);
const evaluator = evaluatorOf({
  input: { name: "image", datatype: "FP32", shape: [-1, 4, 4, 1] },
  output: { name: "probabilities", datatype: "FP32", shape: [-1, 2], labels: ["left", "right"] },
});
/** Takes every tenth example for the other class. */
const probabilities = new Float32Array(2 * test.count);
for (const [index, label] of test.labels.entries()) {
  probabilities[2 * index + (index % 10 === 0 ? 1 - label : label)] = 1;
}
const evaluation = evaluator.measure(probabilities, test);
const applicant: Applicant = {
  ...evaluation,
  metrics: { ...evaluation.metrics, latencyP95Ms: 1, sizeBytes: 1000 },
  model: "small",
  digest: digestOf("applicant"),
  data: { warnings: [], drift: undefined },
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
  const surroundings = { evaluator, registry, seed: 1, signal, log };
  const decide = (
    rules: GateRules,
    changes: Partial<Applicant> = {},
    others: Partial<typeof surroundings> = {},
  ) => decideGate(rules, { ...applicant, ...changes }, test, { ...surroundings, ...others });
  return { decide, published, measured: evaluator.measure(answers, test), answers, warnings };
}

describe("decideGate", () => {
  it("measures the champion on the test split of this run, and compares with it", async () => {
    const { decide, published, answers, measured } = await setUp();
    const { gate, comparison, intervals } = await decide({ maxRegression: 0 });
    const { accuracy = 0 } = measured.metrics;
    expect(applicant.metrics["accuracy"]).toBe(0.9);
    expect(gate.rules[0]?.value).toBeCloseTo(accuracy - 0.9, 12);
    expect(gate.rules[0]?.reason).toContain("regression against champion version 1, ");
    const spread = evaluator.spread(probabilities, answers, test, 1);
    expect(intervals).toEqual(spread.intervals);
    expect(comparison).toEqual({
      version: "1",
      digest: published.digest,
      metrics: { ...measured.metrics, sizeBytes: expect.any(Number) },
      differences: spread.differences,
    });
  });

  it("takes a package that is the champion as its equal, without reading it again", async () => {
    const { decide, published } = await setUp();
    await rm(fileURLToPath(published.uri), { recursive: true });
    const { gate, comparison } = await decide({ maxRegression: 0 }, { digest: published.digest });
    expect(gate).toMatchObject({ verdict: "passed", rules: [{ value: 0 }] });
    expect(comparison).toMatchObject({
      version: "1",
      metrics: { accuracy: 0.9, sizeBytes: 1000 },
      differences: { accuracy: { value: 0, low: 0, high: 0 } },
    });
    expect(comparison?.metrics).not.toHaveProperty("latencyP95Ms");
  });

  it("does not decide when the champion cannot be read and a rule needs it", async () => {
    const { decide, published } = await setUp();
    await rm(fileURLToPath(`${published.uri}/weights.bin`));
    await expect(decide({ maxRegression: 1 })).rejects.toThrow(
      `champion version 1 cannot be measured, so the rule maxRegression cannot be decided: there is no file ${published.uri}/weights.bin`,
    );
    await expect(decide({ maxRegression: 1, minImprovement: 0 })).rejects.toThrow(
      "so the rules maxRegression, minImprovement cannot be decided: ",
    );
  });

  it("only warns of it when no rule needs it", async () => {
    const { decide, published, warnings } = await setUp();
    await rm(fileURLToPath(`${published.uri}/weights.bin`));
    const { gate, comparison } = await decide({ minAccuracy: 0.9 });
    expect([gate.verdict, comparison]).toEqual(["passed", undefined]);
    expect(warnings.map((line): unknown => JSON.parse(line))).toMatchObject([
      {
        msg: `champion version 1 cannot be measured, so nothing is compared with it: there is no file ${published.uri}/weights.bin`,
      },
    ]);
  });

  it("has no champion that tells other classes apart", async () => {
    const { decide } = await setUp();
    const three = evaluatorOf({
      input: { name: "image", datatype: "FP32", shape: [-1, 4, 4, 1] },
      output: { name: "p", datatype: "FP32", shape: [-1, 3], labels: ["left", "right", "top"] },
    });
    await expect(decide({ maxRegression: 1 }, {}, { evaluator: three })).rejects.toThrow(
      "it tells 2 classes apart, and the test split has 3",
    );
  });

  it("compares with nobody while no version serves", async () => {
    const { decide } = await setUp();
    const { registry } = createLocalTracking(await emptyStore());
    const { gate, comparison } = await decide({ maxRegression: 0 }, {}, { registry });
    expect([gate.verdict, comparison]).toEqual(["passed", undefined]);
  });
});
