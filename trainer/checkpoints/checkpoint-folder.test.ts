import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { digestOf, hexOf } from "@updraft/contracts/digest";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { describe, expect, it } from "vitest";
import { someCheckpoint } from "../fixtures/some-checkpoint.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { checkpointFolder } from "./checkpoint-folder.ts";
import { removeStaleCheckpoints } from "./stale-checkpoints.ts";

const key = digestOf("a training");

async function setUp() {
  const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
  const damaged: string[] = [];
  const folder = checkpointFolder(store, "digits", key, (message) => damaged.push(message));
  const names = async () => (await store.list("checkpoints")).map(({ path }) => path);
  const fileOf = (epoch: number) =>
    new URL(store.uriOf(`checkpoints/digits/${hexOf(key)}/epoch-0000${epoch}.bin`));
  return { store, folder, damaged, names, fileOf };
}

describe("the checkpoints of a training", () => {
  it("are none at first, then the latest, of which two are kept", async () => {
    const { folder, names } = await setUp();
    expect(await folder.latest()).toBeUndefined();
    for (const epoch of [8, 9, 10, 11]) await folder.save(someCheckpoint(key, epoch));
    expect(await folder.latest()).toEqual(someCheckpoint(key, 11));
    const place = `checkpoints/digits/${hexOf(key)}`;
    expect(await names()).toEqual([`${place}/epoch-00010.bin`, `${place}/epoch-00011.bin`]);
    await folder.remove();
    expect(await names()).toEqual([]);
  });

  it("are those before one that is torn, which is removed", async () => {
    const { folder, damaged, names, fileOf } = await setUp();
    for (const epoch of [1, 2]) await folder.save(someCheckpoint(key, epoch));
    const file = fileOf(2);
    await writeFile(file, (await readFile(file)).subarray(0, -5));
    expect(await folder.latest()).toEqual(someCheckpoint(key, 1));
    expect(damaged).toEqual([
      `the checkpoint ${file.href} is not used: its checksum is not that of its content: it is torn, or was changed`,
    ]);
    expect(await names()).toHaveLength(1);
  });

  it("are none if all were changed", async () => {
    const { folder, damaged, fileOf } = await setUp();
    await folder.save(someCheckpoint(key, 1));
    await writeFile(fileOf(1), "something else");
    expect(await folder.latest()).toBeUndefined();
    expect(damaged).toEqual([
      `the checkpoint ${fileOf(1).href} is not used: it is no checkpoint of this trainer`,
    ]);
  });

  it("are not those of another training that were put in their place", async () => {
    const { folder, damaged } = await setUp();
    const other = digestOf("another training");
    await folder.save(someCheckpoint(other, 1));
    expect(await folder.latest()).toBeUndefined();
    expect(damaged[0]).toContain(`it is one of another training, ${other}`);
  });

  it("are removed two weeks after the last one, if nobody goes on with them", async () => {
    const { store, folder, names, fileOf } = await setUp();
    const other = digestOf("another training");
    await folder.save(someCheckpoint(key, 1));
    await checkpointFolder(store, "digits", other, () => {}).save(someCheckpoint(other, 9));
    const twoWeeks = 14 * 24 * 60 * 60 * 1000;
    const saved = Date.parse(someCheckpoint(key, 1).savedAt);
    expect(await removeStaleCheckpoints(store, "digits", saved + twoWeeks)).toEqual([]);
    expect(await removeStaleCheckpoints(store, "digits", saved + twoWeeks + 1)).toEqual([
      new URL(".", fileOf(1)).href.replace(/\/$/, ""),
    ]);
    expect(await names()).toEqual([`checkpoints/digits/${hexOf(other)}/epoch-00009.bin`]);
  });
});
