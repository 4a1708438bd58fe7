import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "@updraft/contracts/cache-folder";

const run = promisify(execFile);
const requirements = join(import.meta.dirname, "../requirements");
const repository = join(import.meta.dirname, "../../..");

/** Sets of pinned packages: a file of `requirements/` each. */
export type PackageSet = "mlflow" | "mlflow-skinny" | "mlflow-2";

/** An interpreter, or nothing where it cannot be had. */
export type Python = string | undefined;

/**
 * The interpreter of a virtual environment with a set of packages. It is made once and kept in the
 * cache folder: under another name and then renamed, so that it is whole or not there.
 * @returns nothing, after saying why on stderr, where there is no Python or its packages cannot be
 * had
 */
export function pythonWith(set: PackageSet): Promise<Python> {
  return pythonOf(join(requirements, `${set}.txt`));
}

/**
 * The same for any file that lists pinned packages.
 * @param file its path; its name is the environment's too
 */
export async function pythonOf(file: string): Promise<Python> {
  try {
    return await virtualEnvironment(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : error;
    process.stderr.write(
      `skipped: tests with the Python packages of ${relative(repository, file)}, which need python3 with venv and PyPI (${String(reason)})\n`,
    );
    return undefined;
  }
}

async function virtualEnvironment(file: string): Promise<string> {
  const { stdout: version } = await run("python3", ["-c", "import sys; print(sys.version)"]);
  const hash = createHash("sha256")
    .update(version)
    .update(await readFile(file));
  const key = hash.digest("hex").slice(0, 16);
  const folder = join(cacheFolder(process.env), "venvs", `${basename(file, ".txt")}-${key}`);
  if (!(await isThere(folder))) await makeEnvironment(folder, file);
  return join(folder, "bin/python");
}

async function makeEnvironment(folder: string, file: string): Promise<void> {
  await mkdir(join(folder, ".."), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    await run("python3", ["-m", "venv", "--copies", unfinished], { timeout: 120_000 });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", file];
    await run(join(unfinished, "bin/python"), pip, { timeout: 600_000 });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process may have been quicker.
    if (!(await isThere(folder))) throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
