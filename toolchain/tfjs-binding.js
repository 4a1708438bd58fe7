import { existsSync } from "node:fs";
import { lstat, mkdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unpackTar } from "./archive.js";
import { download, fetchText } from "./download.js";
import { Unavailable } from "./errors.js";
import { ensurePart } from "./parts.js";
import { run } from "./run.js";
import { findTool } from "./tools.js";
import { firstWay } from "./ways.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./progress.js").Step} Step */
/** @typedef {import("./libtensorflow.js").LibTensorFlow} LibTensorFlow */

/** The Node-API version that tfjs-node's binding is made for, and the folder it is looked for in. */
const napi = 8;

/**
 * Whether somebody has installed tfjs-node's native parts by its own installer; those stay.
 * @param {Context} context
 */
export async function hasOwnBinding(context) {
  const lib = join(tfjsNode(context), "lib");
  if (!existsSync(join(lib, `napi-v${napi}`, "tfjs_binding.node"))) return false;
  return !(await lstat(lib)).isSymbolicLink();
}

/**
 * Builds the binding between Node and libtensorflow, and links both into the npm package.
 * @param {Context} context
 * @param {LibTensorFlow} library
 * @param {Step} step
 */
export async function tfjsBinding(context, library, step) {
  const npmPackage = tfjsNode(context);
  const { version } = JSON.parse(await readFile(join(npmPackage, "package.json"), "utf8"));
  const key = `tfjs-binding-${version}-${library.key}`;
  const part = (/** @type {(folder: string) => Promise<void>} */ build) =>
    ensurePart(context.cache, key, build, step.update);
  const official = {
    name: "the official archive",
    run: () => part((draft) => officialBinding(context, version, library, draft, step)),
  };
  const folder = await firstWay(
    "The binding of tfjs-node to libtensorflow",
    [
      {
        name: "a build with a C++ compiler",
        run: () => part((draft) => compiledBinding(context, library, draft, step)),
      },
      library.kind === "archive" ? official : undefined,
    ],
    "Install a C++ compiler and run this again.",
  );
  await linkInto(npmPackage, "deps", join(folder, "deps"));
  await linkInto(npmPackage, "lib", join(folder, "lib"));
}

/**
 * @param {Context} context
 * @param {LibTensorFlow} library
 * @param {string} folder
 * @param {Step} step
 */
async function compiledBinding(context, library, folder, step) {
  const compiler = findTool("g++", context.env);
  step.update("compiling");
  const output = await prepareFolder(library, folder);
  const nodeApi = join(context.repository, "node_modules", "node-api-headers", "include");
  const sources = ["binding/tfjs_backend.cc", "binding/tfjs_binding.cc"];
  const headers = [nodeApi, "binding", ".", join(library.folder, "include")];
  const tensorFlow = library.kind === "wheel" ? "libtensorflow_cc.so.2" : "libtensorflow.so.2";
  const libraries = [tensorFlow, "libtensorflow_framework.so.2"];
  const flags = ["-O2", "-std=c++17", "-fPIC", "-shared", `-DNAPI_VERSION=${napi}`];
  await run(
    compiler,
    [
      ...flags,
      ...headers.map((path) => `-I${path}`),
      ...sources,
      `-L${join(library.folder, "lib")}`,
      ...libraries.map((name) => `-l:${name}`),
      "-Wl,-rpath,$ORIGIN/../../deps/lib",
      "-o",
      output,
    ],
    { cwd: tfjsNode(context) },
  );
}

/**
 * The binding that tfjs-node's own installer downloads. Its storage publishes the MD5 of each
 * object, in base64, beside it.
 * @param {Context} context
 * @param {string} version
 * @param {LibTensorFlow} library
 * @param {string} folder
 * @param {Step} step
 */
async function officialBinding(context, version, library, folder, step) {
  const object = `pre-built-binary/napi-v${napi}/${version}/CPU-linux-${version}.tar.gz`;
  const { storage } = context.pins.tfjsBinding;
  step.update("downloading the official binding");
  const about = `${storage}/storage/v1/b/tf-builds/o/${encodeURIComponent(object)}`;
  const { md5Hash } = JSON.parse(await fetchText(about));
  const file = join(context.cache, "downloads", `tfjs-binding-${version}.tar.gz`);
  const hex = Buffer.from(String(md5Hash), "base64").toString("hex");
  await download(`${storage}/tf-builds/${object}`, file, { checksum: { algorithm: "md5", hex } });
  const output = await prepareFolder(library, folder);
  await unpackTar(file, dirname(output), { strip: 1 });
  await rm(file);
  if (!existsSync(output)) throw new Unavailable(`${object} holds no tfjs_binding.node`);
}

/**
 * Lays the folder out as tfjs-node has it: the binding looks for the library at `../../deps/lib`.
 * @param {LibTensorFlow} library
 * @param {string} folder
 * @returns {Promise<string>} the binding's file
 */
async function prepareFolder(library, folder) {
  const target = join(folder, "lib", `napi-v${napi}`);
  await mkdir(target, { recursive: true });
  await rm(join(folder, "deps"), { force: true });
  await symlink(join("..", library.key), join(folder, "deps"));
  return join(target, "tfjs_binding.node");
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} target
 */
async function linkInto(folder, name, target) {
  const link = join(folder, name);
  const existing = await readlink(link).catch(() => undefined);
  if (existing === target) return;
  await rm(link, { recursive: true, force: true });
  await symlink(target, link);
}

/** @param {Context} context */
function tfjsNode(context) {
  return join(context.repository, "node_modules", "@tensorflow", "tfjs-node");
}
