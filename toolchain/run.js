import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";
import { Unavailable } from "./errors.js";

/**
 * @typedef {object} RunOptions
 * @property {string} [name] what the program is called in errors, if not by its file
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(pid: number) => void} [onStart]
 * @property {(line: string) => boolean | void} [onLine] is told each line of either stream; one that
 *   it answers `true` to tells of progress, and is no part of an error
 */

/** Of a long error output the beginning tells what went wrong, or else the end. */
const keptErrorLines = 8;

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
let isStopping = false;

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} what it printed to standard output
 * @throws {Unavailable} if there is no such program or it fails; with what it wrote about that
 */
export function run(command, args, options = {}) {
  const name = options.name ?? basename(command);
  return new Promise((resolve, reject) => {
    if (isStopping) return;
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    if (child.pid !== undefined) options.onStart?.(child.pid);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    /** @type {string[]} */
    const errorLines = [];
    eachLine(child.stdout, (line) => options.onLine?.(line));
    eachLine(child.stderr, (line) => {
      if (options.onLine?.(line) === true) return;
      errorLines.push(line);
      // The middle goes.
      if (errorLines.length > 2 * keptErrorLines) errorLines.splice(keptErrorLines, 1);
    });
    child.once("error", (error) => {
      running.delete(child);
      reject(new Unavailable(spawnProblem(name, error), { cause: error }));
    });
    child.once("close", (code, signal) => {
      running.delete(child);
      if (isStopping) return;
      if (code === 0) resolve(output);
      else reject(new Unavailable(endProblem(name, code, signal, errorLines)));
    });
  });
}

/**
 * Stops what {@link run} has under way and waits until it has ended. Its callers are told nothing
 * any more: they might go on with something else.
 */
export async function stopRunning() {
  isStopping = true;
  const ended = [...running].map((child) => once(child, "close"));
  for (const child of running) child.kill("SIGTERM");
  await Promise.all(ended);
}

/**
 * @param {import("node:stream").Readable} stream
 * @param {(line: string) => void} onLine
 */
function eachLine(stream, onLine) {
  let rest = "";
  stream.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") onLine(line);
  });
  stream.once("end", () => {
    if (rest.trim() !== "") onLine(rest);
  });
}

/** @param {string} name @param {Error} error */
function spawnProblem(name, error) {
  const missing = "code" in error && error.code === "ENOENT";
  return missing ? `${name} is not there` : `${name} cannot be started: ${error.message}`;
}

/**
 * @param {string} name
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 * @param {string[]} errorLines
 */
function endProblem(name, code, signal, errorLines) {
  const end = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  return [`${name} ${end}`, ...errorLines.map((line) => `      ${line}`)].join("\n");
}
