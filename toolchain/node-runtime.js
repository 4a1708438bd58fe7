import { rm } from "node:fs/promises";
import { join } from "node:path";
import { unpackTar } from "./archive.js";
import { download, hashOfFile } from "./download.js";
import { Unavailable } from "./errors.js";
import { npmCommand } from "./npm-packages.js";
import { ensurePart } from "./parts.js";
import { programVersion } from "./program-version.js";
import { megabytes } from "./progress.js";
import { run } from "./run.js";
import { allOnPath } from "./tools.js";
import { isAtLeast } from "./version.js";
import { firstWay } from "./ways.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./pins.js").Pinned} Pinned */
/** @typedef {import("./progress.js").Step} Step */

/**
 * A Node that runs the packages as they are.
 * @param {Context} context
 * @param {Step} step
 * @returns {Promise<string>} its file
 */
export async function nodeRuntime(context, step) {
  const { version, archives, executables } = context.pins.node;
  const archive = archives[context.platform];
  const executable = executables[context.platform];
  const part = (/** @type {(folder: string) => Promise<void>} */ build) =>
    ensurePart(context.cache, `node-${version}-${context.platform}`, build, step.update);
  const ours = async (/** @type {Promise<string>} */ folder) => {
    const file = join(await folder, "bin", "node");
    step.done(`${version}, in the cache`);
    return file;
  };
  return firstWay(
    "Node 24",
    [
      { name: "Node on PATH", run: () => nodeOnPath(context, step) },
      archive && {
        name: "the official archive",
        run: () => ours(part((folder) => officialNode(context, archive, folder, step))),
      },
      executable && {
        name: "the npm registry",
        run: () => ours(part((folder) => npmNode(context, executable, folder, step))),
      },
    ],
    `Install Node ${context.pins.node.minimum} or newer (https://nodejs.org) and run this again.`,
  );
}

/** @param {Context} context @param {Step} step */
async function nodeOnPath(context, step) {
  const { minimum } = context.pins.node;
  // The one that runs this is known without asking.
  if (isAtLeast(process.version, minimum)) {
    step.done(`${process.version.slice(1)}, on PATH`);
    return process.execPath;
  }
  const found = [`${process.execPath} is ${process.version}`];
  for (const file of allOnPath("node", context.env["PATH"])) {
    const version = await programVersion(context.cache, file, ["--version"]);
    if (isAtLeast(version, minimum)) {
      step.done(`${version.slice(1)}, ${file}`);
      return file;
    }
    if (version !== process.version) found.push(`${file} is ${version}`);
  }
  throw new Unavailable(`${found.join(", ")}; ${minimum} or newer is needed`);
}

/**
 * @param {Context} context
 * @param {Pinned} archive
 * @param {string} folder
 * @param {Step} step
 */
async function officialNode(context, archive, folder, step) {
  const file = join(context.cache, "downloads", `node-${context.pins.node.version}.tar.gz`);
  step.update("downloading the official archive");
  await download(archive.url, file, {
    checksum: { algorithm: "sha256", hex: archive.sha256 },
    onProgress: (received, total) => step.update(`downloading ${megabytes(received, total)}`),
  });
  await unpackTar(file, folder, { strip: 1 });
  await rm(file);
}

/**
 * @param {Context} context
 * @param {string} executableSha256
 * @param {string} folder
 * @param {Step} step
 */
async function npmNode(context, executableSha256, folder, step) {
  const name = `node-${context.platform}@${context.pins.node.version}`;
  step.update(`fetching ${name} from the npm registry`);
  const [npm, ...npmArgs] = npmCommand(context.env);
  const args = [...npmArgs, "pack", name, "--silent", "--pack-destination", folder];
  const archive = join(folder, (await run(npm, args, { name: "npm pack", cwd: folder })).trim());
  await unpackTar(archive, folder, { strip: 1 });
  await rm(archive);
  const actual = await hashOfFile(join(folder, "bin", "node"), "sha256");
  if (actual !== executableSha256) {
    throw new Unavailable(
      `${name} is refused: the sha256 of its bin/node is ${actual}, not ${executableSha256}`,
    );
  }
}
