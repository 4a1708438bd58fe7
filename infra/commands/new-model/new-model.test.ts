import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nameProblem, newModel } from "./new-model.ts";

const checkout = join(import.meta.dirname, "../../..");

/** A folder for models, with one in it. */
async function modelsFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "updraft-models-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "digits"));
  await writeFile(join(folder, "dataset.ts"), "");
  return folder;
}

const wish = {
  name: "spring-flowers",
  kind: "classifier",
  csv: join(checkout, "models/iris/iris.csv"),
  label: "species",
} as const;

describe("newModel", () => {
  it("makes a folder with all that a model is", async () => {
    const models = await modelsFolder();
    const { folder, features, labels, rows } = await newModel(wish, models);
    expect(folder).toBe(join(models, "spring-flowers"));
    expect([features.length, labels, rows]).toEqual([
      4,
      ["setosa", "versicolor", "virginica"],
      150,
    ]);
    expect((await readdir(folder)).toSorted()).toEqual([
      "model.test.ts",
      "model.ts",
      "network.ts",
      "spring-flowers.csv",
    ]);
    const definition = await readFile(join(folder, "model.ts"), "utf8");
    expect(definition).toContain('  name: "spring-flowers",');
    expect(definition).toContain('export const labels = ["setosa", "versicolor", "virginica"];');
    expect(definition).toContain("range: { min: 0, max: 10 },");
    for (const file of ["model.ts", "network.ts", "model.test.ts"]) {
      expect(await readFile(join(folder, file), "utf8"), file).not.toContain("__");
    }
  });

  it("breaks long lists as the formatter does, and escapes what is in names", async () => {
    const models = await modelsFolder();
    const csv = join(models, "wide.csv");
    const columns = Array.from({ length: 12 }, (_, index) => `a long column ${index}`);
    await writeFile(
      csv,
      `${columns.join(",")},"6"" or more"\n${"1,".repeat(12)}x\n${"2,".repeat(12)}y\n`,
    );
    const { folder } = await newModel({ ...wish, csv, label: '6" or more' }, models);
    const definition = await readFile(join(folder, "model.ts"), "utf8");
    expect(definition).toContain('export const features = [\n  "a long column 0",\n');
    expect(definition).toContain('column: "6\\" or more"');
  });

  it("makes nothing of a table that it cannot use", async () => {
    const models = await modelsFolder();
    await expect(newModel({ ...wish, label: "colour" }, models)).rejects.toThrow(
      /^--csv .*iris\.csv: it has no column "colour"/,
    );
    await expect(newModel({ ...wish, csv: "/no/table.csv" }, models)).rejects.toThrow(
      "--csv /no/table.csv cannot be read: ENOENT",
    );
    expect((await readdir(models)).toSorted()).toEqual(["dataset.ts", "digits"]);
  });
});

describe("nameProblem", () => {
  it.each(["wine", "spring-flowers", "a1-2b"])("has nothing against %s", async (name) => {
    expect(nameProblem(name, await modelsFolder())).toBeUndefined();
  });

  it.each(["", "Wine", "1st", "my_wine", "-wine", "wine-", "a--b", "../wine", "a".repeat(41)])(
    "refuses %j, which is no name",
    async (name) => {
      expect(nameProblem(name, await modelsFolder())).toBe(
        `${name} is no name for a model; expected lower-case letters, digits and single dashes, a letter first, 40 at most`,
      );
    },
  );

  it.each([
    ["digits", "digits"],
    ["dataset", "dataset.ts"],
  ])("refuses %s, which is taken", async (name, entry) => {
    expect(nameProblem(name, await modelsFolder())).toBe(
      `models/${entry} is there already; choose another name`,
    );
  });
});
