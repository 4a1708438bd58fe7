import { existsSync } from "node:fs";
import { chmod, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { download } from "./download.js";
import { Unavailable } from "./errors.js";
import { goBuilder } from "./go-build.js";
import { ensurePart, partFolder } from "./parts.js";
import { programVersion } from "./program-version.js";
import { megabytes } from "./progress.js";
import { allOnPath } from "./tools.js";
import { firstWay } from "./ways.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./progress.js").Step} Step */

/**
 * The MinIO server, an S3 store in one program. One that was fetched or built earlier is kept.
 * @param {Context} context
 * @param {Step} step
 * @returns {Promise<string>} its file
 */
export async function minioServer(context, step) {
  const { release, module } = context.pins.minio;
  const part = async (
    /** @type {string} */ version,
    /** @type {(folder: string) => Promise<void>} */ build,
  ) => {
    const key = `minio-${version}-${context.platform}`;
    const folder = await ensurePart(context.cache, key, build, step.update);
    step.done(`${version}, in the cache`);
    return join(folder, "bin", "minio");
  };
  const built = {
    name: "a build with Go",
    run: () => part(module, (folder) => builtMinio(context, folder, step)),
  };
  const isBuilt = existsSync(partFolder(context.cache, `minio-${module}-${context.platform}`));
  return firstWay(
    "The MinIO server",
    [
      { name: "MinIO on PATH", run: () => minioOnPath(context, step) },
      isBuilt ? built : undefined,
      {
        name: "the official program",
        run: () => part(release, (folder) => officialMinio(context, folder, step)),
      },
      built,
    ],
    "Install Go (https://go.dev/dl) and run this again.",
  );
}

/** @param {Context} context @param {Step} step */
async function minioOnPath(context, step) {
  const reasons = [];
  for (const file of allOnPath("minio", context.env["PATH"])) {
    const said = await programVersion(context.cache, file, ["--version"]);
    const version = /^minio version (\S+)/.exec(said)?.[1];
    if (version !== undefined) {
      step.done(`${version}, ${file}`);
      return file;
    }
    reasons.push(`${file} is another program`);
  }
  throw new Unavailable(reasons.join("; ") || "there is none");
}

/** @param {Context} context @param {string} folder @param {Step} step */
async function officialMinio(context, folder, step) {
  const program = context.pins.minio.programs[context.platform];
  if (!program) throw new Unavailable(`there is none for ${context.platform}`);
  const file = join(context.cache, "downloads", `minio-${context.platform}`);
  await download(program.url, file, {
    checksum: { algorithm: "sha256", hex: program.sha256 },
    onProgress: (received, total) => step.update(`downloading ${megabytes(received, total)}`),
  });
  await mkdir(join(folder, "bin"));
  await rename(file, join(folder, "bin", "minio"));
  await chmod(join(folder, "bin", "minio"), 0o755);
}

/**
 * The MinIO server as Go builds it, which needs nothing else of the system that it runs on: what
 * goes into an image.
 * @param {Context} context
 * @param {Step} step
 * @returns {Promise<string>} its file
 */
export async function builtMinioServer(context, step) {
  const { module } = context.pins.minio;
  const key = `minio-${module}-${context.platform}`;
  const build = (/** @type {string} */ folder) => builtMinio(context, folder, step);
  const folder = await ensurePart(context.cache, key, build, step.update);
  step.done(`${module}, in the cache`);
  return join(folder, "bin", "minio");
}

/** @param {Context} context @param {string} folder @param {Step} step */
async function builtMinio(context, folder, step) {
  const { build } = await goBuilder(context, step);
  const args = ["-trimpath", "-tags", "kqueue", "-ldflags", "-s -w", "github.com/minio/minio"];
  await build("minio", join(folder, "bin", "minio"), args);
}
