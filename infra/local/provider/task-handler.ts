import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { Outcome, type Release } from "@updraft/contracts/release";
import { z } from "zod";
import { childEnvironment } from "./child-environment.ts";
import { changesBetween, describeChange, type Properties } from "./property-values.ts";
import type { OperationContext, ResourceHandler } from "./resource-handler.ts";

/** Inputs of `updraft:local:Task`. */
const TaskInputs = z.object({
  entry: z.string(),
  args: z.array(z.string()),
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  logFile: z.string(),
  outcomeFile: z.string(),
  /** Whether it runs on every update, or only when a trigger is not what it was. */
  always: z.boolean(),
  triggers: z.record(z.string(), z.unknown()),
});
type TaskInputs = z.infer<typeof TaskInputs>;

/** How long a task may take to end after it was asked to. */
const stopSeconds = 10;

/** How much of a log an error quotes. */
const quotedLines = 12;

/** A process that runs to its end and leaves an outcome; its state holds the release. */
export const taskHandler: ResourceHandler = {
  async difference(state, inputs, context) {
    const reason = reasonToRun(state, inputs);
    if (reason === undefined) return "same";
    context.info(`will run again: ${reason}`);
    return "replace";
  },

  async create(inputs, context) {
    const task = TaskInputs.parse(inputs);
    const started = Date.now();
    const release = await runTask(task, context);
    const durationSeconds = Math.round((Date.now() - started) / 100) / 10;
    context.info(
      `released ${release.model} version ${release.version} after ${durationSeconds} s, log in ${task.logFile}`,
    );
    return { id: `${release.runId}-${randomUUID().slice(0, 8)}`, outs: { release } };
  },

  // What a run leaves behind lies in the stack's folder and goes with it.
  async delete() {},
};

/** Why a task has to run again, in words; nothing if it has not. */
export function reasonToRun(state: Properties, inputs: Properties): string | undefined {
  const changes = changesBetween(state["triggers"], inputs["triggers"]);
  if (changes.length > 0) return changes.map(describeChange).join(", ");
  return inputs["always"] === true ? "every update does (updraft:model.retrain)" : undefined;
}

async function runTask(task: TaskInputs, context: OperationContext): Promise<Release> {
  context.signal.throwIfAborted();
  await mkdir(dirname(task.logFile), { recursive: true });
  await mkdir(dirname(task.outcomeFile), { recursive: true });
  await rm(task.outcomeFile, { force: true });
  const child = fork(task.entry, task.args, {
    cwd: task.cwd,
    env: childEnvironment(task.env),
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const stop = () => void stopProcess(child, exited);
  context.signal.addEventListener("abort", stop, { once: true });
  const tail = followOutput(child, task.logFile, context);
  try {
    const [code, signal] = await exited;
    return await releaseOf(task, { code, signal, cancelled: context.signal.aborted, tail });
  } finally {
    context.signal.removeEventListener("abort", stop);
    await rm(task.outcomeFile, { force: true });
  }
}

async function stopProcess(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), stopSeconds * 1000);
  await exited;
  clearTimeout(killer);
}

/** Writes what a child prints to its log; standard output is also the status for the engine. */
function followOutput(child: ChildProcess, logFile: string, context: OperationContext): string[] {
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  const tail: string[] = [];
  const follow = (stream: NodeJS.ReadableStream | null, show: (line: string) => void) => {
    if (!stream) return;
    createInterface({ input: stream }).on("line", (line) => {
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > quotedLines) tail.shift();
      show(line);
    });
  };
  follow(child.stdout, (line) => context.status(line));
  follow(child.stderr, () => undefined);
  child.once("close", () => log.end());
  return tail;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly cancelled: boolean;
  readonly tail: readonly string[];
}

async function releaseOf(task: TaskInputs, ending: Ending): Promise<Release> {
  if (ending.cancelled) {
    throw new Error("cancelled; what served before serves on, and the next update runs it again");
  }
  const outcome = await readOutcome(task.outcomeFile);
  if (outcome?.status === "released" && ending.code === 0) return outcome.release;
  if (outcome?.status === "failed") {
    throw new Error(`${outcome.failure.message}\nThe whole log is in ${task.logFile}`);
  }
  const how = ending.signal ? `was killed by ${ending.signal}` : `ended with code ${ending.code}`;
  throw new Error(
    `${task.entry} ${how} and left no outcome. Its log, ${task.logFile}, ends with:\n${ending.tail.join("\n")}`,
  );
}

async function readOutcome(file: string): Promise<Outcome | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  return Outcome.parse(JSON.parse(text));
}
