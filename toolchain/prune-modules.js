/**
 * Takes out of `node_modules` what a program that runs does not read, so that an image stays small,
 * and gives every file the same time, so that the same content is the same layer. Runs in an image's
 * build: `node toolchain/prune-modules.js [FOLDER]`.
 * @see decisions/021-images.md
 */
import { lutimesSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Files that only editors, debuggers and readers open; licences stay. */
const unread = [
  /\.map$/,
  /\.[cm]?ts$/,
  /\.tsbuildinfo$/,
  /\.(md|markdown|flow)$/i,
  /\.(test|spec)\.[cm]?js$/,
  /(^|\/)(tsconfig[^/]*\.json|\.[^/]+|Makefile|binding\.gyp)$/,
];

/** Of a path below `node_modules`: folders that hold nothing a program imports. */
const unreadFolders = [
  /(^|\/)\.(bin|cache|github|vscode)\//,
  // What build tools and editors take instead of the CommonJS files that Node loads.
  /^@(aws[^/]*|smithy)\/(.*\/)?dist-(es|types)\//,
  // At the top of a package.
  /^((.*\/)?node_modules\/)?(@[^/]+\/)?[^/]+\/(tests?|__tests__|fixtures|benchmarks?|examples?|docs?|coverage)\//,
  /^zod\/src\//,
  /^node-api-headers\//,
];

/**
 * Packages that ship the same code several times: what of them is loaded here. Everything else of
 * these packages goes, but for their manifests and licences.
 * @type {Readonly<Record<string, RegExp>>}
 */
const loaded = {
  "@tensorflow/tfjs": /^dist\/tf\.node\.js$/,
  "@tensorflow/tfjs-backend-cpu": /^dist\/tf-backend-cpu\.node\.js$/,
  "@tensorflow/tfjs-backend-wasm": /^dist\/(tf-backend-wasm\.node\.js|[^/]+\.wasm)$/,
  "@tensorflow/tfjs-backend-webgl": /^dist\/tf-backend-webgl\.node\.js$/,
  "@tensorflow/tfjs-converter": /^dist\/tf-converter\.node\.js$/,
  // tfjs-node reaches past the entry for the gradients and the chained operations.
  "@tensorflow/tfjs-core": /^dist\/(?!tf-core\.(?!node)|miniprogram\/).*(?<!_test)\.js$/,
  "@tensorflow/tfjs-data": /^dist\/tf-data\.node\.js$/,
  "@tensorflow/tfjs-layers": /^dist\/tf-layers\.node\.js$/,
  "@tensorflow/tfjs-node": /^(lib|deps|dist|scripts\/[^/]+\.js)(\/(?!.*_test\.js$)|$)/,
  // The page takes one file of it, which is whole.
  echarts: /^dist\/echarts\.esm\.min\.mjs$/,
  zrender: /^$/,
  "core-js": /^$/,
  mnist: /^src\/digits\/\d\.json$/,
};

/** Stays of every package. */
const kept = /(^|\/)(package\.json|licen[cs]e[^/]*|notice[^/]*|copying[^/]*)$/i;

/**
 * Whether a program reads a file.
 * @param {string} path below `node_modules`, with slashes
 */
export function isRead(path) {
  if (unreadFolders.some((folder) => folder.test(path))) return false;
  if (kept.test(path)) return true;
  const [name, inside] = packageOf(path);
  const wanted = loaded[name];
  if (wanted !== undefined) return wanted.test(inside) && !/\.map$|\.d\.ts$/.test(inside);
  return !unread.some((files) => files.test(path));
}

/**
 * The package that a file belongs to, and the path inside it; with packages in packages, the inner.
 * @param {string} path
 * @returns {[string, string]}
 */
function packageOf(path) {
  const inner = path.split("node_modules/").at(-1) ?? path;
  const parts = inner.split("/");
  const length = inner.startsWith("@") ? 2 : 1;
  return [parts.slice(0, length).join("/"), parts.slice(length).join("/")];
}

/**
 * @param {string} root the `node_modules` folder
 * @param {string} [below]
 * @returns {boolean} whether anything is left in the folder
 */
function prune(root, below = "") {
  let isEmpty = true;
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    const file = join(root, path);
    const stays = entry.isDirectory() ? prune(root, path) : isRead(path);
    if (!stays && entry.isDirectory()) rmdirSync(file);
    else if (!stays) rmSync(file);
    if (stays) lutimesSync(file, 0, 0);
    isEmpty &&= !stays;
  }
  return !isEmpty;
}

const [, script = "", folder = "node_modules"] = process.argv;
if (resolve(script) === fileURLToPath(import.meta.url)) prune(resolve(folder));
