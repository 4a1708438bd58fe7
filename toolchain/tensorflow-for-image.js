/**
 * Sets up TensorFlow in the build of the trainer's image, by the ways of the set-up:
 *
 *     node toolchain/tensorflow-for-image.js library cpu|gpu FOLDER   the libraries, into FOLDER/lib
 *     node toolchain/tensorflow-for-image.js binding cpu|gpu FOLDER   tfjs-node's binding to them
 */
import { cp, lutimes, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "./errors.js";
import { cudaLibraries, gpuWheels } from "./gpu-pins.js";
import { libTensorFlow } from "./libtensorflow.js";
import { cacheFolder } from "./parts.js";
import { pins } from "./pins.js";
import { createProgress } from "./progress.js";
import { run } from "./run.js";
import { findTool } from "./tools.js";
import { tfjsBinding } from "./tfjs-binding.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./progress.js").Step} Step */

const variants = ["cpu", "gpu"];

/** @param {string} variant @returns {Context} */
function contextOf(variant) {
  return {
    repository: resolve(dirname(fileURLToPath(import.meta.url)), ".."),
    cache: cacheFolder(process.env),
    platform: `${process.platform}-${process.arch}`,
    env: process.env,
    pins:
      variant === "gpu" ? { ...pins, libtensorflow: { archives: {}, wheels: gpuWheels } } : pins,
  };
}

/**
 * Copies the libraries without their symbols, which make up a quarter of them.
 * @param {string} variant
 * @param {string} target
 * @param {Step} step
 */
async function library(variant, target, step) {
  const context = contextOf(variant);
  const found = await libTensorFlow(context, step);
  const folder = join(target, "lib");
  await cp(join(found.folder, "lib"), folder, { recursive: true, verbatimSymlinks: true });
  if (variant === "gpu") await addCuda(context, folder, step);
  const entries = await readdir(folder, { withFileTypes: true });
  const ours = entries.filter((entry) => entry.isFile() && entry.name.startsWith("libtensorflow"));
  for (const { name } of ours) await run("strip", ["--strip-unneeded", join(folder, name)]);
  // The same content is the same layer.
  for (const { name } of entries) await lutimes(join(folder, name), 0, 0);
  step.done(found.version);
}

/**
 * What TensorFlow loads on a GPU, from NVIDIA's Python packages.
 * @param {Context} context
 * @param {string} folder
 * @param {Step} step
 */
async function addCuda(context, folder, step) {
  const work = `${folder}.work`;
  await mkdir(work);
  const requirements = join(work, "requirements.txt");
  await writeFile(requirements, cudaLibraries.join("\n"));
  step.update("fetching the CUDA libraries");
  const flags = ["--no-deps", "--require-hashes", "--no-input", "--no-cache-dir", "--no-compile"];
  const args = ["-m", "pip", "install", ...flags, "--target", work, "-r", requirements];
  await run(findTool("python3", context.env), args, { name: "pip install" });
  for (const name of await readdir(join(work, "nvidia"))) {
    const libraries = await readdir(join(work, "nvidia", name, "lib")).catch(() => []);
    for (const file of libraries.filter((entry) => entry.includes(".so"))) {
      await rename(join(work, "nvidia", name, "lib", file), join(folder, file));
    }
  }
  await rm(work, { recursive: true });
}

/**
 * The binding as a file of the npm package, and the libraries where the image has them.
 * @param {string} variant
 * @param {string} target
 * @param {Step} step
 */
async function binding(variant, target, step) {
  const context = contextOf(variant);
  const found = await libTensorFlow(context, step);
  await tfjsBinding(context, found, step);
  const npmPackage = join(context.repository, "node_modules", "@tensorflow", "tfjs-node");
  const copy = join(npmPackage, "lib.copy");
  await cp(join(npmPackage, "lib"), copy, { recursive: true, dereference: true });
  await rm(join(npmPackage, "lib"));
  await rename(copy, join(npmPackage, "lib"));
  await rm(join(npmPackage, "deps"), { recursive: true });
  await symlink(target, join(npmPackage, "deps"));
  step.done("compiled");
}

const [command, variant = "", target = ""] = process.argv.slice(2);
const action = command === "library" ? library : command === "binding" ? binding : undefined;
if (action === undefined || !variants.includes(variant) || target === "") {
  console.error("Usage: node toolchain/tensorflow-for-image.js library|binding cpu|gpu FOLDER");
  process.exit(2);
}
const step = createProgress(process.stderr, { quiet: false }).step(command ?? "");
try {
  await action(variant, target, step);
} catch (error) {
  step.failed();
  if (!(error instanceof CommandError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
