import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleFiles } from "@updraft/contracts/package-bundle";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { openPackageFiles } from "./package-files.ts";

const bundle = bundleFiles({ "model.json": "{}", "evaluation/curves.json": "[1]" });
const nowhere = "s3://no-bucket/models/digits/aaaa";

async function textOf(path: string, file: string) {
  const files = await openPackageFiles(nowhere, { variables: {}, bundle: path });
  return (await files.read(file)).toString("utf8");
}

describe("the files of a package", () => {
  it("are those of its store, without a bundle", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "model.json"), "{}");
    const access = { variables: {}, bundle: undefined };
    const files = await openPackageFiles(pathToFileURL(folder).href, access);
    expect((await files.read("model.json")).toString("utf8")).toBe("{}");
  });

  it("are those of a bundle in a file, without the store", async () => {
    const file = join(await temporaryFolder(), "package.bundle");
    await writeFile(file, bundle);
    expect(await textOf(file, "evaluation/curves.json")).toBe("[1]");
    await expect(textOf(file, "card.json")).rejects.toThrow(`there is no file ${file}/card.json`);
    await expect(textOf(file, "constructor")).rejects.toThrow("there is no file");
  });

  it("are those of the parts of a bundle in a volume, in the order of their names", async () => {
    const folder = await temporaryFolder();
    // How a kubelet mounts ConfigMaps: a link to a folder that is swapped as a whole.
    await mkdir(join(folder, "..2026_03_01"));
    await symlink("..2026_03_01", join(folder, "..data"));
    const middle = Math.floor(bundle.length / 2);
    const parts = { "part-001": bundle.subarray(middle), "part-000": bundle.subarray(0, middle) };
    for (const [name, content] of Object.entries(parts)) {
      await writeFile(join(folder, "..2026_03_01", name), content);
      await symlink(`..data/${name}`, join(folder, name));
    }
    expect(await textOf(folder, "model.json")).toBe("{}");
  });

  it("are none where a part is missing, or the whole bundle", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "part-000"), bundle.subarray(0, 20));
    await expect(textOf(folder, "model.json")).rejects.toThrow("the package bundle is damaged");
    await expect(textOf(join(folder, "none"), "model.json")).rejects.toThrow(
      `the package bundle ${folder}/none (TRAINER_SOURCE_BUNDLE) cannot be read: ENOENT`,
    );
  });
});
