import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, digestOfFiles, sha256 } from "@updraft/contracts/digest";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { foreignModel } from "./foreign-model.ts";

/** A folder with these files, each with its own name in it. */
async function folderOf(...paths: readonly string[]): Promise<string> {
  const folder = join(await temporaryFolder(), "exported");
  await mkdir(join(folder, "variables"), { recursive: true });
  for (const path of paths) await writeFile(join(folder, path), path);
  return folder;
}

describe("foreignModel", () => {
  it.each([
    ["model.h5", "keras-h5"],
    ["model.hdf5", "keras-h5"],
    ["model.keras", "keras-v3"],
  ])("takes %s as %s, with the digest of its bytes", async (name, format) => {
    const path = join(await folderOf(name), name);
    expect(await foreignModel(path)).toEqual({ format, path, name, digest: digestOf(name) });
  });

  it.each([
    ["model.json", "tfjs"],
    ["saved_model.pb", "saved-model"],
  ])("takes a folder with %s as %s, with the digest of all its files", async (name, format) => {
    const path = await folderOf(name, "variables/data");
    const files = [name, "variables/data"];
    expect(await foreignModel(path)).toEqual({
      format,
      path,
      name: "exported",
      digest: digestOfFiles(files.map((file) => ({ path: file, sha256: sha256(file) }))),
    });
  });

  it("takes a model.json for its folder", async () => {
    const path = await folderOf("model.json");
    expect(await foreignModel(join(path, "model.json"))).toEqual(await foreignModel(path));
  });

  it("says what it expects of anything else", async () => {
    const folder = await folderOf("model.onnx");
    const known =
      "a folder with model.json (tfjs) or saved_model.pb (SavedModel), or a file .h5, .hdf5 or .keras (Keras)";
    await expect(foreignModel(folder)).rejects.toThrow(
      `${folder} has no model that is known; expected ${known}`,
    );
    await expect(foreignModel(join(folder, "model.onnx"))).rejects.toThrow(
      `model.onnx is no model that is known; expected ${known}`,
    );
    await expect(foreignModel(join(folder, "gone"))).rejects.toThrow(/gone cannot be read: ENOENT/);
    await expect(foreignModel(await folderOf("model.json", "saved_model.pb"))).rejects.toThrow(
      "has both model.json and saved_model.pb; expected one of them",
    );
  });
});
