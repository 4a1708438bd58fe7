import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Unavailable } from "./errors.js";

/** What a missing tool is called where software is installed. */
const providers = {
  go: "Go 1.21 or newer (Debian and Ubuntu: golang-go; https://go.dev/dl)",
  "g++": "a C++ compiler (Debian and Ubuntu: g++; Fedora: gcc-c++)",
  python3: "Python 3 (Debian and Ubuntu: python3 and python3-pip)",
  npm: "npm, which comes with Node (Debian and Ubuntu: npm)",
  tar: "tar (Debian and Ubuntu: tar and gzip)",
};

/**
 * Every file of a name in the folders of PATH, each once, in order.
 * @param {string} program
 * @param {string | undefined} path
 * @returns {string[]}
 */
export function allOnPath(program, path) {
  const files = (path ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, program))
    .filter(isExecutable);
  /** @type {Map<string, string>} */
  const unique = new Map();
  for (const file of files) {
    const target = realpathSync(file);
    if (!unique.has(target)) unique.set(target, file);
  }
  return [...unique.values()];
}

/**
 * The file that a name stands for on PATH.
 * @param {keyof typeof providers} tool
 * @param {NodeJS.ProcessEnv} env
 * @throws {Unavailable} naming what to install
 */
export function findTool(tool, env) {
  const [file] = allOnPath(tool, env["PATH"]);
  if (file !== undefined) return file;
  throw new Unavailable(`${tool} is not on PATH; install ${providers[tool]}`);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
