import { existsSync, globSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { type Digest, digestOfFiles, sha256 } from "@updraft/contracts/digest";
import {
  type LockFile,
  locked,
  type LockedPackage,
  withoutDevelopment,
} from "./locked-packages.ts";

/** The images that are built here. */
export const imageNames = ["trainer", "server", "tracker"] as const;
export type ImageName = (typeof imageNames)[number];

/** What goes into the build of an image besides the workspaces that it depends on. */
interface ImageSources {
  /** Modules of the set-up that the build runs; what they import comes with them. */
  readonly toolchain: readonly string[];
  /** Whether the build needs what the repository's own manifest depends on. */
  readonly withRoot: boolean;
  /** Files of the workspace that only development uses. */
  readonly without: readonly string[];
}

const prune = "toolchain/prune-modules.js";

const sourcesOf: Readonly<Record<ImageName, ImageSources>> = {
  trainer: { toolchain: [prune, "toolchain/tensorflow-for-image.js"], withRoot: true, without: [] },
  server: { toolchain: [prune], withRoot: false, without: ["server/fixtures.ts"] },
  tracker: { toolchain: [prune], withRoot: false, without: ["tracker/page/screenshots.ts"] },
};

/** Only tests use it, or only tools that look at the sources. */
const development = [
  /(^|\/)node_modules\//,
  /(^|\/)fixtures\//,
  /\.test\.[tj]s$/,
  /-(suite|under-test)\.ts$/,
  /(^|\/)(Dockerfile|tsconfig\.json|package\.json)$/,
  /(^|\/)\./,
];

/** A file of a build context, by its path in it. */
export interface ContextFile {
  /** With slashes, relative to the context. */
  readonly path: string;
  readonly content: Buffer;
}

/** All that an image is built from. */
export interface BuildContext {
  readonly image: ImageName;
  /** Sorted by path. */
  readonly files: readonly ContextFile[];
  /** Names the content: other bytes or paths give another one, other times and modes do not. */
  readonly digest: Digest;
}

/**
 * The files that an image is built from, out of a checkout: the sources of its workspace and of
 * those it depends on, their manifests and the lock file without development's part, and the
 * Dockerfile, at the top.
 */
export async function buildContext(image: ImageName, checkout: string): Promise<BuildContext> {
  const read = (path: string) => readFile(join(checkout, path));
  const lock: LockFile = JSON.parse((await read("package-lock.json")).toString());
  const workspaces = workspacesOf(image, lock);
  const { toolchain, withRoot } = sourcesOf[image];
  const asTheyAre = [
    ...sourceFiles(image, workspaces, checkout),
    ...(await importsOf(toolchain, checkout)),
    ".npmrc",
  ];
  const files = [
    { path: "Dockerfile", content: await read(`${image}/Dockerfile`) },
    json("package-lock.json", locked(lock, { workspaces, withRoot })),
    json(
      "package.json",
      rootManifest(await readJson(checkout, "package.json"), workspaces, withRoot),
    ),
    ...(await Promise.all(
      workspaces.map(async (folder) => {
        const path = `${folder}/package.json`;
        return json(path, withoutDevelopment(await readJson(checkout, path)));
      }),
    )),
    ...(await Promise.all(asTheyAre.map(async (path) => ({ path, content: await read(path) })))),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const digests = files.map(({ path, content }) => ({ path, sha256: sha256(content) }));
  return { image, files, digest: digestOfFiles(digests) };
}

/**
 * Writes a context to a folder of its own, named by its digest, with the same times and modes
 * everywhere. A folder that is there and whole stays as it is.
 * @returns the folder
 */
export async function writeBuildContext(context: BuildContext, below: string): Promise<string> {
  const folder = join(below, context.image, shortDigest(context.digest));
  if (existsSync(folder)) {
    if (await holds(folder, context)) return folder;
    await rm(folder, { recursive: true });
  }
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}.draft-`);
  for (const { path, content } of context.files) await writeFixed(join(draft, path), content);
  await chmod(draft, 0o755);
  await rename(draft, folder).catch(async (error: unknown) => {
    // Another process was quicker; it wrote the same.
    await rm(draft, { recursive: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** The first 12 digits of a digest: enough for the name of a folder or a tag. */
export function shortDigest(digest: Digest): string {
  return digest.slice("sha256:".length, "sha256:".length + 12);
}

async function writeFixed(file: string, content: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  await writeFile(file, content);
  await chmod(file, 0o644);
  await utimes(file, 0, 0);
}

async function holds(folder: string, { files }: BuildContext): Promise<boolean> {
  const there = globSync("**/*", { cwd: folder, withFileTypes: true }).filter((e) => e.isFile());
  if (there.length !== files.filter(({ path }) => !posix.basename(path).startsWith(".")).length) {
    return false;
  }
  const same = files.map(async ({ path, content }) => {
    const found = await readFile(join(folder, path)).catch(() => undefined);
    return found?.equals(content) ?? false;
  });
  return (await Promise.all(same)).every(Boolean);
}

/** A workspace and those of ours that it depends on, sorted. */
function workspacesOf(image: ImageName, { packages }: LockFile): string[] {
  const found = new Set<string>();
  const visit = (folder: string) => {
    if (found.has(folder)) return;
    found.add(folder);
    for (const name of Object.keys(packages[folder]?.dependencies ?? {})) {
      const entry: LockedPackage | undefined = packages[`node_modules/${name}`];
      if (entry?.link === true && entry.resolved !== undefined) visit(entry.resolved);
    }
  };
  visit(image);
  return [...found].toSorted();
}

function sourceFiles(image: ImageName, workspaces: readonly string[], checkout: string): string[] {
  const { without } = sourcesOf[image];
  return workspaces
    .flatMap((folder) =>
      globSync(`${folder}/**/*`, {
        cwd: checkout,
        withFileTypes: true,
        exclude: (entry) => entry.name === "node_modules" || entry.name === "fixtures",
      }),
    )
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(checkout, join(entry.parentPath, entry.name)))
    .filter((path) => !development.some((part) => part.test(path)) && !without.includes(path));
}

/** Modules and all that they import from their own folder. */
async function importsOf(modules: readonly string[], checkout: string): Promise<string[]> {
  const found = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (found.has(path)) return;
    found.add(path);
    const source = await readFile(join(checkout, path), "utf8");
    for (const [, target = ""] of source.matchAll(/^(?:import|export)[^;]*?from "(\.[^"]+)"/gm)) {
      await visit(posix.join(posix.dirname(path), target));
    }
  };
  for (const path of modules) await visit(path);
  return [...found];
}

function rootManifest(
  { name, version, type, dependencies }: Record<string, unknown>,
  workspaces: readonly string[],
  withRoot: boolean,
): Record<string, unknown> {
  return {
    name,
    version,
    private: true,
    type,
    workspaces,
    ...(withRoot ? { dependencies } : {}),
  };
}

async function readJson(checkout: string, path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(checkout, path), "utf8"));
}

function json(path: string, value: unknown): ContextFile {
  return { path, content: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`) };
}
