import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "./errors.js";
import { libTensorFlow } from "./libtensorflow.js";
import { minioServer } from "./minio.js";
import { nodeRuntime } from "./node-runtime.js";
import { npmPackages } from "./npm-packages.js";
import { cacheFolder } from "./parts.js";
import { pins } from "./pins.js";
import { createProgress } from "./progress.js";
import { pulumiCli } from "./pulumi-cli.js";
import { hasOwnBinding, tfjsBinding } from "./tfjs-binding.js";

/**
 * Where a set-up happens.
 * @typedef {object} Context
 * @property {string} repository folder of the clone
 * @property {string} cache folder of built and fetched parts
 * @property {string} platform as in pins.js
 * @property {NodeJS.ProcessEnv} env as this process was given it
 * @property {import("./pins.js").Pins} pins
 */

/**
 * What a set-up gives: files of programs.
 * @typedef {object} Toolchain
 * @property {string} node of Node 24
 * @property {string} pulumi
 * @property {string} [minio] if it was asked for and can be had
 */

/** @typedef {import("./progress.js").Step} Step */

/** @returns {Context} */
export function currentContext() {
  const musl = existsSync("/etc/alpine-release") ? "-musl" : "";
  return {
    repository: resolve(dirname(fileURLToPath(import.meta.url)), ".."),
    cache: cacheFolder(process.env),
    platform: `${process.platform}-${process.arch}${musl}`,
    env: process.env,
    pins,
  };
}

/**
 * Sets up whatever is missing. Steps that do not need each other run at the same time, and all of
 * them to their end, so that one run finds out everything that is missing.
 * @param {Context} context
 * @param {{ quiet: boolean, minio?: boolean }} options quiet: no word if nothing has to be done;
 *   minio: the MinIO server too, which only tests need: without it they say what they skip
 * @returns {Promise<Toolchain>}
 * @throws {CommandError} with every step that failed
 */
export async function setUp(context, options) {
  const progress = createProgress(process.stderr, options);
  const step = stepRunner(progress);
  const packages = step("npm packages", (report) => npmPackages(context, report));
  const results = await Promise.allSettled([
    step("Node", (report) => nodeRuntime(context, report)),
    step("Pulumi", (report) => pulumiCli(context, report)),
    packages,
    step("libtensorflow", (report) => tensorFlow(context, packages, report)),
    options.minio ? optional(step("MinIO", (report) => minioServer(context, report))) : undefined,
  ]);
  const failures = results.flatMap((result) =>
    result.status === "rejected" && !(result.reason instanceof NotReached) ? [result.reason] : [],
  );
  const unexpected = failures.find((error) => !(error instanceof CommandError));
  if (unexpected !== undefined) throw unexpected;
  if (failures.length > 0) {
    throw new CommandError(failures.map((error) => error.message).join("\n\n"));
  }
  const [node, pulumi, , , minio] = results;
  if (node.status === "rejected") throw node.reason;
  if (pulumi.status === "rejected") throw pulumi.reason;
  return {
    node: node.value,
    pulumi: pulumi.value,
    minio: minio.status === "fulfilled" ? minio.value : undefined,
  };
}

/**
 * A part that the rest does without: why it cannot be had is said, and nothing else happens.
 * @param {Promise<string>} part
 */
async function optional(part) {
  try {
    return await part;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(error.message);
    return undefined;
  }
}

/** A step ended early because one before it failed; that one tells why. */
class NotReached extends Error {}

/**
 * @param {Context} context
 * @param {Promise<void>} packages settled when the npm packages are there
 * @param {Step} step
 */
async function tensorFlow(context, packages, step) {
  const settled = Promise.allSettled([packages]);
  // The library does not need the packages; the binding is compiled from one of them.
  const early = (await hasOwnBinding(context)) ? undefined : await libTensorFlow(context, step);
  const [{ status }] = await settled;
  if (status === "rejected") throw new NotReached("the npm packages are missing");
  if (await hasOwnBinding(context)) return step.done("as its own installer left it");
  const library = early ?? (await libTensorFlow(context, step));
  await tfjsBinding(context, library, step);
  step.done(`${library.version}, in the cache`);
}

/** @param {ReturnType<typeof createProgress>} progress */
function stepRunner(progress) {
  /**
   * @template T
   * @param {string} name
   * @param {(step: Step) => Promise<T>} action
   */
  return async (name, action) => {
    const step = progress.step(name);
    try {
      return await action(step);
    } catch (error) {
      step.failed();
      throw error;
    }
  };
}
