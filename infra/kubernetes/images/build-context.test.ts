import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { codeDigest } from "../../../trainer/code-digest.ts";
import { checkout } from "../../checkout.ts";
import { buildContext, imageNames, shortDigest, writeBuildContext } from "./build-context.ts";

const parts = ["contracts", "models", "trainer", "server", "tracker", "toolchain"];
const rootFiles = ["package.json", "package-lock.json", ".npmrc"];

function isOurs(path: string): boolean {
  return !path.includes("node_modules");
}

/** A copy of what images are built from, which a test may change. */
async function copyOfTheTree(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "updraft-tree-"));
  for (const part of parts)
    await cp(join(checkout, part), join(root, part), { recursive: true, filter: isOurs });
  for (const file of rootFiles) await cp(join(checkout, file), join(root, file));
  return root;
}

async function write(root: string, path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

describe("the context of an image", () => {
  let tree: string;
  const digests = async () =>
    Object.fromEntries(
      await Promise.all(
        imageNames.map(async (name) => [name, (await buildContext(name, tree)).digest] as const),
      ),
    );

  beforeAll(async () => {
    tree = await copyOfTheTree();
  });

  it("holds the tables of models, and what is no TypeScript beside it", async () => {
    const { files } = await buildContext("trainer", tree);
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["models/iris/iris.csv", "trainer/importing/convert.py"]),
    );
  });

  it("holds the sources of its package and of those it depends on, and nothing else", async () => {
    const { files } = await buildContext("server", tree);
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(paths.toSorted());
    expect(paths).toEqual(expect.arrayContaining(["server/main.ts", "contracts/digest.ts"]));
    expect(paths).toContain("server/page/index.html");
    const folders = new Set(paths.map((path) => path.split("/")[0]));
    expect([...folders].toSorted()).toEqual([
      ".npmrc",
      "Dockerfile",
      "contracts",
      "package-lock.json",
      "package.json",
      "server",
      "toolchain",
    ]);
    expect(paths.filter((path) => path.startsWith("toolchain/"))).toEqual([
      "toolchain/prune-modules.js",
    ]);
  });

  it("holds no tests, no fixtures and no development dependencies", async () => {
    for (const name of imageNames) {
      const { files } = await buildContext(name, tree);
      const paths = files.map(({ path }) => path);
      expect(
        paths.filter((path) => /\.test\.|under-test|fixture|-suite|screenshots/.test(path)),
      ).toEqual([]);
      const manifests = files.filter(({ path }) => path.endsWith("package.json"));
      for (const { content } of manifests) {
        expect(JSON.parse(content.toString())).not.toHaveProperty("devDependencies");
      }
      const lock = files.find(({ path }) => path === "package-lock.json")!.content.toString();
      expect(lock).not.toMatch(/node_modules\/(vitest|typescript|playwright-core|@pulumi)/);
    }
  });

  it("brings of the set-up what the trainer's build imports", async () => {
    const { files } = await buildContext("trainer", tree);
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["toolchain/libtensorflow.js", "toolchain/download.js"]),
    );
    expect(paths).not.toContain("toolchain/pulumi-cli.js");
  });

  it("keeps exactly the trainer's code: the digest of the code is the same inside", async () => {
    const context = await buildContext("trainer", tree);
    const folder = await writeBuildContext(context, join(tree, "contexts"));
    const inside = await codeDigest("digits", {
      contracts: join(folder, "contracts"),
      models: join(folder, "models"),
      trainer: join(folder, "trainer"),
    });
    const outside = await codeDigest("digits", {
      contracts: join(tree, "contracts"),
      models: join(tree, "models"),
      trainer: join(tree, "trainer"),
    });
    expect(inside).toBe(outside);
  });

  it("stays the same for tests, other packages, times, modes and files that nobody asked for", async () => {
    const before = await digests();
    await write(tree, "server/new.test.ts", "it");
    await write(tree, "contracts/fixtures/new.ts", "export {};");
    await write(tree, "contracts/new-under-test.ts", "export {};");
    await write(tree, "node_modules/left/index.js", "0");
    await write(tree, "server/node_modules/left/index.js", "0");
    await write(tree, ".updraft/passphrase", "secret");
    await write(tree, ".git/HEAD", "ref");
    await write(tree, "bench/new.ts", "export {};");
    await write(tree, "server/.env", "SECRET=1");
    await utimes(join(tree, "server/main.ts"), 1, 1);
    await chmod(join(tree, "contracts/digest.ts"), 0o600);
    const manifest = JSON.parse(await readFile(join(tree, "package.json"), "utf8"));
    manifest.scripts["new"] = "true";
    manifest.devDependencies["new"] = "1.0.0";
    await write(tree, "package.json", JSON.stringify(manifest));
    expect(await digests()).toEqual(before);
  });

  it("changes with what it is built from", async () => {
    const before = await digests();
    await write(tree, "server/added.ts", "export {};");
    const withServer = await digests();
    expect(withServer).toEqual({ ...before, server: withServer["server"] });
    expect(withServer["server"]).not.toBe(before["server"]);
    await write(tree, "models/digits/added.ts", "export {};");
    const withModel = await digests();
    expect(withModel).toEqual({ ...withServer, trainer: withModel["trainer"] });
    expect(withModel["trainer"]).not.toBe(withServer["trainer"]);
    await write(tree, "contracts/added.ts", "export {};");
    const withContracts = await digests();
    for (const name of imageNames) expect(withContracts[name]).not.toBe(withModel[name]);
  });

  it("is written with the same times and modes everywhere, and once", async () => {
    const context = await buildContext("server", tree);
    const below = join(tree, "contexts");
    const folder = await writeBuildContext(context, below);
    expect(folder).toBe(join(below, "server", shortDigest(context.digest)));
    const { mode, mtimeMs } = await stat(join(folder, "contracts/digest.ts"));
    expect([mode & 0o777, mtimeMs]).toEqual([0o644, 0]);
    const made = await stat(folder);
    expect(await writeBuildContext(context, below)).toBe(folder);
    expect((await stat(folder)).ino).toBe(made.ino);
  });

  it("is written anew where somebody has changed it", async () => {
    const context = await buildContext("server", tree);
    const below = join(tree, "contexts");
    const folder = await writeBuildContext(context, below);
    await writeFile(join(folder, "server/main.ts"), "changed");
    await writeFile(join(folder, "more.ts"), "more");
    await writeBuildContext(context, below);
    const source = await readFile(join(tree, "server/main.ts"), "utf8");
    expect(await readFile(join(folder, "server/main.ts"), "utf8")).toBe(source);
    expect(await readdir(folder)).not.toContain("more.ts");
  });
});
