import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { model } from "@updraft/models/digits";
import { expect, it } from "vitest";
import { writeDigitFolder } from "../fixtures/digit-folder.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { readDataFolder } from "./data-folder.ts";
import { createFileFolder } from "./file-folder.ts";
import { snapshotDataset } from "./snapshot.ts";

const filesIn = (uri: string) => readDataFolder({ folder: createFileFolder(uri) }, model.format);

it("keeps the same data once, gzipped or not, as a dataset that can be read again", async () => {
  const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
  const plain = await writeDigitFolder(await temporaryFolder(), [30, 10]);
  const gzipped = await writeDigitFolder(await temporaryFolder(), [30, 10], { gzip: true });
  const files = await filesIn(plain);

  const snapshot = await snapshotDataset(store, files);
  const again = await snapshotDataset(store, await filesIn(gzipped));

  expect(again).toEqual(snapshot);
  expect(snapshot.uri).toBe(`${store.uri}/datasets/${snapshot.digest.slice("sha256:".length)}`);
  const kept = await filesIn(snapshot.uri);
  expect(kept.map(({ name, content }) => [name, Buffer.from(content)])).toEqual(
    files.map(({ name, content }) => [name, Buffer.from(content)]),
  );
  expect(await store.list("datasets")).toHaveLength(4);
});
