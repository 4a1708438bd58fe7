import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { unpackTar } from "./archive.js";
import { download } from "./download.js";
import { Unavailable } from "./errors.js";
import { goBuilder } from "./go-build.js";
import { ensurePart } from "./parts.js";
import { programVersion } from "./program-version.js";
import { megabytes } from "./progress.js";
import { allOnPath } from "./tools.js";
import { firstWay } from "./ways.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./progress.js").Step} Step */

/**
 * actionlint, which reads workflows as GitHub does: syntax, expressions, inputs of actions.
 * @param {Context} context
 * @param {Step} step
 * @returns {Promise<string>} its file
 */
export function actionlint(context, step) {
  const { version } = context.pins.actionlint;
  const part = async (/** @type {(folder: string) => Promise<void>} */ build) => {
    const key = `actionlint-${version}-${context.platform}`;
    const folder = await ensurePart(context.cache, key, build, step.update);
    step.done(`${version}, in the cache`);
    return join(folder, "bin", "actionlint");
  };
  return firstWay(
    `actionlint ${version}`,
    [
      { name: "actionlint on PATH", run: () => actionlintOnPath(context, step) },
      {
        name: "the official archive",
        run: () => part((folder) => official(context, folder, step)),
      },
      { name: "a build with Go", run: () => part((folder) => built(context, folder, step)) },
    ],
    "Install Go (https://go.dev/dl) and run this again.",
  );
}

/** Another version has other rules. @param {Context} context @param {Step} step */
async function actionlintOnPath(context, step) {
  const { version } = context.pins.actionlint;
  const reasons = [];
  for (const file of allOnPath("actionlint", context.env["PATH"])) {
    const [found = ""] = (await programVersion(context.cache, file, ["-version"])).split("\n");
    if (found.replace(/^v/, "") === version) {
      step.done(`${version}, ${file}`);
      return file;
    }
    reasons.push(`${file} is ${found}, ${version} is needed`);
  }
  throw new Unavailable(reasons.join("; ") || "there is none");
}

/** @param {Context} context @param {string} folder @param {Step} step */
async function official(context, folder, step) {
  const archive = context.pins.actionlint.archives[context.platform];
  if (!archive) throw new Unavailable(`there is none for ${context.platform}`);
  const file = join(context.cache, "downloads", `actionlint-${context.platform}.tar.gz`);
  await download(archive.url, file, {
    checksum: { algorithm: "sha256", hex: archive.sha256 },
    onProgress: (received, total) => step.update(`downloading ${megabytes(received, total)}`),
  });
  const unpacked = await mkdtemp(join(context.cache, "downloads", "actionlint-"));
  await unpackTar(file, unpacked);
  await mkdir(join(folder, "bin"));
  await rename(join(unpacked, "actionlint"), join(folder, "bin", "actionlint"));
  await rm(unpacked, { recursive: true });
  await rm(file);
}

/** @param {Context} context @param {string} folder @param {Step} step */
async function built(context, folder, step) {
  const { build } = await goBuilder(context, step);
  const linked = `-s -w -X github.com/rhysd/actionlint.version=${context.pins.actionlint.version}`;
  const args = ["-trimpath", "-ldflags", linked, "github.com/rhysd/actionlint/cmd/actionlint"];
  await build("actionlint", join(folder, "bin", "actionlint"), args);
}
