import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { model } from "@updraft/models/digits";
import { describe, expect, it } from "vitest";
import { writeDigitFolder } from "../fixtures/digit-folder.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { dataFolderFingerprint, readDataFolder } from "./data-folder.ts";
import { createFileFolder } from "./file-folder.ts";

const { format } = model;
const at = (uri: string) => ({ folder: createFileFolder(uri) });
const trainImages = "train-images-idx3-ubyte";

describe("readDataFolder", () => {
  it("reads the same from files that are gzipped and from files that are not", async () => {
    const folder = await temporaryFolder();
    const plain = await writeDigitFolder(join(folder, "plain"), [30, 10]);
    const gzipped = await writeDigitFolder(join(folder, "gzipped"), [30, 10], { gzip: true });
    const dataset = await format.parse(await readDataFolder(at(plain), format));
    expect(await format.parse(await readDataFolder(at(gzipped), format))).toEqual(dataset);
    expect([dataset.train.count, dataset.test?.count]).toEqual([30, 10]);
    expect([...dataset.train.labels.subarray(8, 12)]).toEqual([8, 9, 0, 1]);
  });

  it("prefers the file that is not gzipped", async () => {
    const folder = await temporaryFolder();
    const uri = await writeDigitFolder(folder, [30]);
    await writeFile(join(folder, `${trainImages}.gz`), "not gzip");
    const files = await readDataFolder(at(uri), format);
    expect(files[0]?.origin).toBe(join(folder, trainImages));
  });

  it("takes a folder with spaces and other letters", async () => {
    const folder = join(await temporaryFolder(), "müde Ziffern #1");
    const files = await readDataFolder(at(await writeDigitFolder(folder, [30])), format);
    expect(files.map(({ name }) => name)).toEqual([trainImages, "train-labels-idx1-ubyte"]);
  });

  it("names the missing file and both of its names", async () => {
    const folder = await temporaryFolder();
    const uri = await writeDigitFolder(folder, [30]);
    await rm(join(folder, "train-labels-idx1-ubyte"));
    await expect(readDataFolder(at(uri), format)).rejects.toThrow(
      `${folder}/train-labels-idx1-ubyte: the file is missing; expected it, or train-labels-idx1-ubyte.gz`,
    );
    await expect(readDataFolder(at("file:///no/such/folder"), format)).rejects.toThrow(
      `/no/such/folder/${trainImages}: the file is missing; expected it, or ${trainImages}.gz`,
    );
  });

  it("says why a file cannot be read", async () => {
    const folder = await temporaryFolder();
    const uri = pathToFileURL(folder).href;
    await writeDigitFolder(folder, [30]);
    // A folder in place of the file: root may read whatever permissions a file has.
    await rm(join(folder, trainImages));
    await mkdir(join(folder, trainImages));
    await expect(readDataFolder(at(uri), format)).rejects.toThrow(
      `${folder}/${trainImages}: it cannot be read: EISDIR: illegal operation on a directory, read`,
    );
  });
});

describe("dataFolderFingerprint", () => {
  it("changes with any byte of any file", async () => {
    const folder = await temporaryFolder();
    const uri = await writeDigitFolder(folder, [30]);
    const before = await dataFolderFingerprint(at(uri), format);
    const file = join(folder, "train-labels-idx1-ubyte");
    const content = await readFile(file);
    await writeFile(file, content.fill(0, 37));
    expect(await dataFolderFingerprint(at(uri), format)).not.toBe(before);
    await rm(folder, { recursive: true });
    await writeDigitFolder(folder, [30]);
    expect(await dataFolderFingerprint(at(uri), format)).toBe(before);
  });
});
