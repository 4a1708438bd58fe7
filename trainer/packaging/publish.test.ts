import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { readPackage } from "@updraft/contracts/model-package";
import { expect, it } from "vitest";
import { smallPackage } from "../fixtures/small-package.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { publishPackage, unjudged } from "./publish.ts";

await loadTensorflow();

/** Publishes the same package by several runs; the run that its card names in the end. */
async function runOfCard(...runs: readonly (readonly [string, "passed" | "failed"])[]) {
  const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
  let published = { uri: "", digest: "" };
  for (const [run, verdict] of runs) {
    published = await publishPackage(store, await smallPackage(run, verdict));
  }
  return (await readPackage(published.uri, published.digest)).card.lineage.runId;
}

it("keeps the card of the run that made the package", async () => {
  expect(await runOfCard(["r1", "passed"], ["r2", "passed"])).toBe("r1");
  expect(await runOfCard(["r1", "passed"], ["r2", "failed"])).toBe("r1");
  expect(await runOfCard(["r1", "failed"], ["r2", "failed"])).toBe("r1");
});

it("replaces the card of a package that was turned down once it passes", async () => {
  expect(await runOfCard(["r1", "failed"], ["r2", "passed"])).toBe("r2");
});

it("lets a package that is taken over say what it was found to be the last time", async () => {
  const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
  const content = await smallPackage("r1", "passed");
  const takenOver = (version: string, verdict: "passed" | "failed") => {
    const { gate, metrics } = content.card;
    const promotedFrom = { stack: "dev", version, runId: "r1", metrics, gate };
    const card = { ...content.card, gate: { verdict, rules: [] }, promotedFrom };
    return { ...content, card, evaluation: { "evaluation/of": version } };
  };
  const versionAfter = async (version: string, verdict: "passed" | "failed") => {
    const { uri, digest } = await publishPackage(store, takenOver(version, verdict));
    const { card } = await readPackage(uri, digest);
    const of = await openArtifactStore(uri).read("evaluation/of");
    return [card.promotedFrom?.version, card.gate.verdict, of.toString("utf8")];
  };
  expect(await versionAfter("1", "failed")).toEqual(["1", "failed", "1"]);
  expect(await versionAfter("2", "passed")).toEqual(["2", "passed", "2"]);
  expect(await versionAfter("3", "failed")).toEqual(["2", "passed", "2"]);
  expect(await versionAfter("4", "passed")).toEqual(["4", "passed", "4"]);
});

it("keeps the card of a package that was made where it is when it is taken over", async () => {
  const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
  const content = await smallPackage("r1", "passed");
  await publishPackage(store, content);
  const { gate, metrics } = content.card;
  const promotedFrom = { stack: "dev", version: "1", runId: "r1", metrics, gate };
  const copy = { ...content, card: { ...content.card, promotedFrom } };
  const { uri, digest } = await publishPackage(store, copy);
  expect((await readPackage(uri, digest)).card).toEqual(content.card);
});

it("gives a trial's package the evaluation and the card of its release", async () => {
  const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
  const content = await smallPackage("trial", "failed");
  const trial = { ...content, card: { ...content.card, gate: unjudged } };
  const curves = { "evaluation/learning-curves.json": "{}" };
  await publishPackage(store, { ...trial, evaluation: curves });
  await publishPackage(store, { ...trial, evaluation: { ...curves, "evaluation/more": "" } });
  const rules = [
    { rule: "minF1", value: 0, limit: 1, verdict: "failed" as const, reason: "F1 is 0" },
  ];
  const judged = { ...content.card, gate: { verdict: "failed" as const, rules } };
  const evaluation = { ...curves, "evaluation/per-class.json": "[]" };
  const { uri, digest } = await publishPackage(store, { ...content, card: judged, evaluation });
  expect((await readPackage(uri, digest)).card.gate).toEqual(judged.gate);
  const files = (await store.list("models")).map(({ path }) => path.split("/").slice(3).join("/"));
  expect(files).toEqual([
    "card.json",
    "evaluation/learning-curves.json",
    "evaluation/per-class.json",
    "model.json",
    "signature.json",
    "weights.bin",
  ]);
});
