import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { digestOf } from "@updraft/contracts/digest";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";
import { championData } from "./champion-data.ts";

const card = {
  model: "digits",
  createdAt: "2026-03-01T10:00:00.000Z",
  metrics: {},
  gate: { verdict: "passed", rules: [] },
  lineage: {
    runId: "r",
    datasetDigest: digestOf("data"),
    codeDigest: digestOf("code"),
    hyperparameters: {},
    seed: 1,
  },
  baseline: {
    image: { mean: 1, standardDeviation: 0, histogram: { min: 0, max: 1, shares: [1] } },
  },
};

/** A registry whose champion's package is in a folder of its own. */
async function champion() {
  const uri = pathToFileURL(await temporaryFolder()).href;
  await openArtifactStore(uri).write("card.json", JSON.stringify(card));
  const version = { version: "3", digest: digestOf("p"), uri, runId: undefined, tags: {} };
  return {
    file: join(fileURLToPath(uri), "card.json"),
    registry: { versionOf: async () => version },
  };
}

it("reads what the champion was trained on from its card", async () => {
  const { registry } = await champion();
  expect(await championData(registry, "digits")).toEqual({
    version: "3",
    baseline: card.baseline,
  });
});

it("says why it is not known", async () => {
  const { registry, file } = await champion();
  await writeFile(file, "{");
  expect(await championData(registry, "digits")).toEqual({
    unknown: expect.stringMatching(/^the card of version 3 cannot be read: .*JSON/),
  });
  await rm(file);
  expect(await championData(registry, "digits")).toEqual({
    unknown: expect.stringMatching(/^the card of version 3 cannot be read: .*card\.json/),
  });
  expect(await championData({ versionOf: async () => undefined }, "digits")).toEqual({
    unknown: "there is no champion",
  });
  const away = { versionOf: () => Promise.reject(new Error("the tracker is away\nat a:1")) };
  expect(await championData(away, "digits")).toEqual({
    unknown: "the champion cannot be looked up: the tracker is away",
  });
});
