import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Outcome, type Release } from "@updraft/contracts/release";
import { freePort } from "@updraft/contracts/free-port";
import { startServer, type ServerProcess } from "./process.ts";

const repository = join(import.meta.dirname, "../../..");

type Variables = Readonly<Record<string, string>>;

/** A network and a schedule that train in a second and give a fair model. */
const quick = { filters: 4, units: 16, epochs: 1 };

export interface TrainerResult {
  readonly code: number | null;
  /** All that it printed. */
  readonly output: string;
  readonly outcome: Outcome;
}

/** Runs the trainer in a folder, with MLflow's own variables for the tracker. */
export async function runTrainer(
  folder: string,
  variables: Variables,
  flags: readonly string[] = [],
  command: "train" | "promote" | "rollback" = "train",
): Promise<TrainerResult> {
  const outcomeFile = join(folder, "outcome.json");
  await rm(outcomeFile, { force: true });
  const own = { ...variables, TRAINER_OUTCOME_FILE: outcomeFile };
  const ended = await runCommand(folder, own, [command, ...flags]);
  const outcome = Outcome.parse(JSON.parse(await readFile(outcomeFile, "utf8")));
  return { ...ended, outcome };
}

/** Runs a trial of a sweep, which has no outcome. */
export function runTrial(
  folder: string,
  variables: Variables,
): Promise<Omit<TrainerResult, "outcome">> {
  return runCommand(folder, variables, ["trial"]);
}

/** Trains until it has said something, and kills the process. */
export async function killTrainerAfter(
  said: RegExp,
  folder: string,
  variables: Variables,
  flags: readonly string[],
): Promise<void> {
  const child = spawnTrainer(folder, variables, ["train", ...flags]);
  child.stderr.resume();
  const exited = once(child, "exit");
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (said.test(output)) child.kill("SIGKILL");
  }
  await exited;
}

async function runCommand(
  folder: string,
  variables: Variables,
  args: readonly string[],
): Promise<Omit<TrainerResult, "outcome">> {
  await mkdir(folder, { recursive: true });
  const child = spawnTrainer(folder, variables, args);
  const [[code], out, error] = await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code: code as number | null, output: out + error };
}

function spawnTrainer(folder: string, variables: Variables, args: readonly string[]) {
  return spawn(process.execPath, [join(repository, "trainer/main.ts"), ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      TRAINER_DATASET: "mnist-10k",
      TRAINER_HYPERPARAMETERS: JSON.stringify(quick),
      TRAINER_GATE: '{"minAccuracy": 0.3, "maxRegression": 0.2}',
      ...variables,
    },
  });
}

/** The release of a run that has one. @throws with what the trainer said if it has none */
export function releaseOf({ outcome, output }: TrainerResult): Release {
  if (outcome.status === "released") return outcome.release;
  throw new Error(`there is no release: ${output}`);
}

/** Starts the server with the package of a release and waits until it is ready. */
export async function serveRelease(release: Release, variables: Variables): Promise<ServerProcess> {
  const port = await freePort();
  return startServer({
    command: process.execPath,
    args: [join(repository, "server/main.ts")],
    variables: {
      PORT: String(port),
      MODEL_NAME: release.model,
      MODEL_VERSION: release.version,
      MODEL_URI: release.uri,
      MODEL_DIGEST: release.digest,
      ...variables,
    },
    port,
    healthPath: "/ready",
  });
}
