import { rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { digestOf } from "@updraft/contracts/digest";
import { describe, expect, it } from "vitest";
import { smallExamples } from "../fixtures/small-network.ts";
import { smallPackage } from "../fixtures/small-package.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { accuracy } from "../evaluation/measures.ts";
import { publishPackage } from "../packaging/publish.ts";
import { deserialize } from "../packaging/serialize.ts";
import { createLocalTracking } from "../tracking/local-tracking.ts";
import { predict } from "../training/predict.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { decideGate } from "./decide.ts";

await loadTensorflow();

const test = smallExamples(40, 3);
const applicant = {
  model: "small",
  digest: digestOf("applicant"),
  accuracy: 0.9,
  f1: 0.9,
  classes: [{ label: "left", recall: 0.9 }],
  latencyP95Ms: 1,
  sizeBytes: 1000,
};
const { signal } = new AbortController();

/** A store with a champion in it. */
async function setUp() {
  const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
  const { registry } = createLocalTracking(store);
  const content = await smallPackage("r1", "passed");
  const published = await publishPackage(store, content);
  await registry.register("small", { ...published, runId: "r1", tags: {} });
  await registry.setAlias("small", "champion", "1");
  const answers = await predict(await deserialize(content), test);
  return { registry, published, championAccuracy: accuracy(answers, test.labels) };
}

describe("decideGate", () => {
  it("measures the champion on the test split of this run", async () => {
    const { registry, championAccuracy } = await setUp();
    const report = await decideGate({ maxRegression: 0 }, applicant, test, registry, signal);
    expect(report.rules[0]?.value).toBeCloseTo(championAccuracy - 0.9, 12);
    expect(report.rules[0]?.reason).toContain("regression against champion version 1, ");
  });

  it("takes a package that is the champion as its equal, without reading it again", async () => {
    const { registry, published } = await setUp();
    await rm(fileURLToPath(published.uri), { recursive: true });
    const same = { ...applicant, digest: published.digest };
    const report = await decideGate({ maxRegression: 0 }, same, test, registry, signal);
    expect(report).toMatchObject({ verdict: "passed", rules: [{ value: 0 }] });
  });

  it("does not decide when the champion cannot be read", async () => {
    const { registry, published } = await setUp();
    await rm(fileURLToPath(`${published.uri}/weights.bin`));
    await expect(
      decideGate({ maxRegression: 1 }, applicant, test, registry, signal),
    ).rejects.toThrow(
      `champion version 1 cannot be measured, so the rule maxRegression cannot be decided: there is no file ${published.uri}/weights.bin`,
    );
  });

  it("does not ask for the champion without a rule that needs it", async () => {
    const { registry, published } = await setUp();
    await rm(fileURLToPath(published.uri), { recursive: true });
    const report = await decideGate({ minAccuracy: 0.9 }, applicant, test, registry, signal);
    expect(report.verdict).toBe("passed");
  });
});
