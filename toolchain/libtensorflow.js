import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unpackTar, unpackZip } from "./archive.js";
import { download, hashOfFile } from "./download.js";
import { Unavailable } from "./errors.js";
import { ensurePart, partFolder } from "./parts.js";
import { megabytes } from "./progress.js";
import { run } from "./run.js";
import { findTool } from "./tools.js";
import { firstWay } from "./ways.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./pins.js").Pinned} Pinned */
/** @typedef {import("./pins.js").Wheel} Wheel */
/** @typedef {import("./progress.js").Step} Step */

/**
 * The library that tfjs-node computes with.
 * @typedef {object} LibTensorFlow
 * @property {string} key of the part
 * @property {string} version
 * @property {string} folder with `lib` and `include`
 * @property {"archive" | "wheel"} kind of source; the library's name in it differs
 */

/**
 * libtensorflow and its headers; whichever source it came from earlier is kept.
 * @param {Context} context
 * @param {Step} step
 * @returns {Promise<LibTensorFlow>}
 */
export async function libTensorFlow(context, step) {
  const sources = sourcesFor(context, step);
  const there = sources.filter(({ key }) => existsSync(partFolder(context.cache, key)));
  const ways = (there.length > 0 ? there : sources).map((source) => ({
    name: source.name,
    run: async () => {
      const folder = await ensurePart(context.cache, source.key, source.build, step.update);
      return { ...source, folder };
    },
  }));
  return firstWay(
    "libtensorflow",
    ways,
    sources.length > 0
      ? "Connect to one of these sources or install what is missing, and run this again."
      : `It is not prepared for ${context.platform}; \`npm rebuild @tensorflow/tfjs-node --ignore-scripts=false\` runs its own installer.`,
  );
}

/**
 * Where libtensorflow comes from on this platform, in the order of trying.
 * @typedef {Omit<LibTensorFlow, "folder"> & { name: string, build: (folder: string) => Promise<void> }} Source
 * @param {Context} context
 * @param {Step} step
 * @returns {Source[]}
 */
function sourcesFor(context, step) {
  const { archives, wheels } = context.pins.libtensorflow;
  const archive = archives[context.platform];
  const wheel = wheels[context.platform];
  /** @type {Source[]} */
  const sources = [];
  if (archive) {
    sources.push({
      name: "the official archive",
      kind: "archive",
      version: archive.version,
      key: `libtensorflow-${archive.version}-${context.platform}`,
      build: (folder) => officialLibrary(context, archive, folder, step),
    });
  }
  if (wheel) {
    sources.push({
      name: `the Python package ${wheel.name}`,
      kind: "wheel",
      version: wheel.version,
      key: `libtensorflow-${wheel.version}-${context.platform}`,
      build: (folder) => wheelLibrary(context, wheel, folder, step),
    });
  }
  return sources;
}

/**
 * @param {Context} context
 * @param {Pinned} archive
 * @param {string} folder
 * @param {Step} step
 */
async function officialLibrary(context, archive, folder, step) {
  const file = join(context.cache, "downloads", `libtensorflow-${context.platform}.tar.gz`);
  step.update("downloading the official archive");
  await download(archive.url, file, {
    checksum: { algorithm: "sha256", hex: archive.sha256 },
    onProgress: (received, total) => step.update(`downloading ${megabytes(received, total)}`),
  });
  step.update("unpacking");
  await unpackTar(file, folder);
  await rm(file);
}

/**
 * The Python package holds the same library under another name, and its headers.
 * @param {Context} context
 * @param {Wheel} wheel
 * @param {string} folder
 * @param {Step} step
 */
async function wheelLibrary(context, wheel, folder, step) {
  // The binding to it has to be compiled: better to hear of a missing compiler before the download.
  findTool("g++", context.env);
  const work = join(folder, "work");
  await mkdir(work);
  const file = await fetchWheel(context, wheel, work, step);
  step.update("unpacking");
  const headers = ["tensorflow/include/tensorflow/", "tensorflow/include/tsl/"];
  await unpackZip(file, work, ["tensorflow/libtensorflow", ...headers]);
  await mkdir(join(folder, "lib"));
  for (const name of await readdir(join(work, "tensorflow"))) {
    const target = name === "include" ? join(folder, name) : join(folder, "lib", name);
    await rename(join(work, "tensorflow", name), target);
  }
  await rm(work, { recursive: true });
}

/**
 * Lets pip fetch the wheel, from whichever index it is set to; it refuses other bytes than ours.
 * @param {Context} context
 * @param {Wheel} wheel
 * @param {string} folder
 * @param {Step} step
 * @returns {Promise<string>} its file
 */
async function fetchWheel(context, wheel, folder, step) {
  const python = findTool("python3", context.env);
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const platform = ["--only-binary=:all:", "--python-version", "311", "--platform", wheel.tag];
  const args = ["--no-deps", "--require-hashes", "--no-input", "--disable-pip-version-check"];
  const watch = setInterval(async () => {
    step.update(`downloading ${megabytes(await sizeBelow(folder), wheel.bytes)}`);
  }, 500);
  step.update(`downloading ${wheel.name} ${wheel.version}`);
  try {
    await run(
      python,
      ["-m", "pip", "download", ...args, ...platform, "-d", folder, "-r", requirements],
      // pip writes what it receives to the folder for temporary files first.
      { name: "pip download", env: { ...context.env, TMPDIR: folder } },
    );
  } catch (error) {
    throw pipProblem(error);
  } finally {
    clearInterval(watch);
  }
  const name = (await readdir(folder)).find((file) => file.endsWith(".whl"));
  if (name === undefined) throw new Unavailable("pip gave no wheel");
  const actual = await hashOfFile(join(folder, name), "sha256");
  if (actual !== wheel.sha256) throw new Unavailable(`${name} is refused: its sha256 is ${actual}`);
  return join(folder, name);
}

/** @param {unknown} error */
function pipProblem(error) {
  if (!(error instanceof Unavailable) || !error.message.includes("No module named pip"))
    return error;
  return new Unavailable("Python has no pip; install it (Debian and Ubuntu: python3-pip)");
}

/** @param {string} folder @returns {Promise<number>} bytes of all files in it and below */
async function sizeBelow(folder) {
  let bytes = 0;
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const file = join(folder, entry.name);
      bytes += entry.isDirectory() ? await sizeBelow(file) : (await stat(file)).size;
    }
  } catch {
    // Files come and go while pip works; the next look counts them.
  }
  return bytes;
}
