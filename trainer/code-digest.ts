import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOfFiles, sha256, type Digest, type FileDigest } from "@updraft/contracts/digest";
import { modelNames, modelsFolder } from "./settings/model-folder.ts";

/** What only tests use; an image holds none of it, and names the same code. */
const forTests = /(\.test|-suite|-under-test)\.ts$/;

/** Where the sources are: one folder for each package. */
export interface SourceFolders {
  readonly contracts: string;
  readonly models: string;
  readonly trainer: string;
}

/** The sources that are running. */
const ownSources: SourceFolders = {
  contracts: dirname(fileURLToPath(import.meta.resolve("@updraft/contracts/digest"))),
  models: modelsFolder,
  trainer: import.meta.dirname,
};

/**
 * Names the code that makes a model: the sources of the contracts, of the model without the other
 * models, and of the trainer, without their tests, and the versions of tfjs and of what reads data.
 */
export async function codeDigest(
  model: string,
  folders: SourceFolders = ownSources,
): Promise<Digest> {
  const others = (await modelNames(folders.models)).filter((name) => name !== model);
  const sources = await Promise.all([
    sourcesIn(folders.contracts, "contracts", []),
    sourcesIn(folders.models, "models", others),
    sourcesIn(folders.trainer, "trainer", []),
  ]);
  return digestOfFiles([...sources.flat(), ...(await engineVersions(folders))]);
}

async function sourcesIn(
  folder: string,
  name: string,
  without: readonly string[],
): Promise<FileDigest[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep))
    .filter((parts) => !parts.some((part) => part === "node_modules" || part === "fixtures"))
    .filter(([first = ""]) => !without.includes(first));
  return Promise.all(
    paths.map(async (parts) => ({
      path: [name, ...parts].join("/"),
      sha256: sha256(await readFile(join(folder, ...parts))),
    })),
  );
}

function isSource(file: string): boolean {
  return file.endsWith(".ts") && !forTests.test(file);
}

/** Dependencies that decide what a package is made of: what computes, and what reads data. */
const deciding = /^(@tensorflow\/|csv-parse$|sharp$)/;

async function engineVersions({ models, trainer }: SourceFolders): Promise<FileDigest[]> {
  const versions = await Promise.all([models, trainer].map(dependenciesOf));
  return Object.entries(Object.assign({}, ...versions) as Record<string, string>)
    .filter(([name]) => deciding.test(name))
    .map(([name, version]) => ({ path: `node_modules/${name}`, sha256: sha256(version) }));
}

async function dependenciesOf(folder: string): Promise<Record<string, string>> {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(join(folder, "package.json"), "utf8"),
  );
  return dependencies;
}
