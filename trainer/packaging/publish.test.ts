import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { readPackage } from "@updraft/contracts/model-package";
import { expect, it } from "vitest";
import { smallPackage } from "../fixtures/small-package.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { publishPackage } from "./publish.ts";

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
