import { rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { pino } from "pino";
import { expect, it } from "vitest";
import { smallPackage } from "../fixtures/small-package.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { publishPackage } from "../packaging/publish.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { takenOver } from "./taken-over.ts";

await loadTensorflow();

const releasedAt = "2026-03-01T10:00:00.000Z";

/** A version whose card says that dev has released it, and the warnings about it. */
async function setUp() {
  const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
  const content = await smallPackage("r1", "passed");
  const { metrics, gate } = content.card;
  const promotedFrom = { stack: "dev", version: "3", runId: "r0", releasedAt, metrics, gate };
  const card = { ...content.card, promotedFrom };
  const published = await publishPackage(store, { ...content, card });
  const version = { version: "1", ...published, runId: "r1", tags: {} };
  const warnings: string[] = [];
  const log = pino({ level: "warn" }, { write: (line) => void warnings.push(line) });
  return { version, log, warnings };
}

it("is what the card says", async () => {
  const { version, log, warnings } = await setUp();
  const { digest } = version;
  expect(await takenOver(version, log)).toEqual({
    version: "1",
    digest,
    stack: "dev",
    releasedAt,
  });
  expect(warnings).toEqual([]);
});

it("is what the tags say, which know of a later takeover", async () => {
  const { version, log } = await setUp();
  const later = "2026-03-02T10:00:00.000Z";
  const tags = {
    "updraft.promotedFrom.stack": "staging",
    "updraft.promotedFrom.releasedAt": later,
  };
  expect(await takenOver({ ...version, tags }, log)).toMatchObject({
    stack: "staging",
    releasedAt: later,
  });
});

it("is unknown, with a warning, where the card is gone", async () => {
  const { version, log, warnings } = await setUp();
  await rm(fileURLToPath(`${version.uri}/card.json`));
  expect(await takenOver(version, log)).toMatchObject({ stack: undefined, releasedAt: undefined });
  expect(warnings.join("")).toContain(
    `the champion's card cannot be read: there is no file ${version.uri}/card.json`,
  );
});
