import { spawn } from "node:child_process";
import { constants } from "node:os";
import { CommandError } from "./errors.js";

/** @type {NodeJS.Signals[]} */
const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Longer than npm takes to repeat a signal, shorter than a person needs to change their mind. */
const repetitionMilliseconds = 1000;

/**
 * Runs a program that takes over the terminal, and gives its exit code (128 and the signal's number
 * if a signal ended it).
 *
 * Ctrl-C reaches everything in the terminal's foreground, and npm sends it on once more; Pulumi
 * takes a second one for the wish to stop at once, with operations pending. So the program runs in a
 * session of its own, and this process passes each signal on, once.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>}
 */
export function runInForeground(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: "inherit", detached: true });
    const stopPassingOn = passSignalsOn(child);
    child.once("error", (error) => {
      stopPassingOn();
      reject(new CommandError(`${command} cannot be started: ${error.message}`));
    });
    child.once("exit", (code, signal) => {
      stopPassingOn();
      resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]);
    });
  });
}

/** @param {import("node:child_process").ChildProcess} child @returns {() => void} */
function passSignalsOn(child) {
  /** @type {Map<string, number>} */
  const lastAt = new Map();
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    const now = performance.now();
    if (now - (lastAt.get(signal) ?? Number.NEGATIVE_INFINITY) < repetitionMilliseconds) return;
    lastAt.set(signal, now);
    // Nobody is there any more to answer what a program does about a closed terminal.
    child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
  };
  for (const signal of passedOn) process.on(signal, passOn);
  return () => {
    for (const signal of passedOn) process.off(signal, passOn);
  };
}
