import { cacheFolder } from "@updraft/contracts/cache-folder";
import { endOnSignal } from "@updraft/contracts/end-on-signal";
import { gateTable } from "@updraft/contracts/gate";
import { exitCodes, type Outcome, type Release } from "@updraft/contracts/release";
import { mainMeasureNames, mainMeasures } from "@updraft/contracts/rule-facts";
import type { Surroundings } from "./commands/in-run.ts";
import { plan } from "./commands/plan.ts";
import { deliverOutcome } from "./deliver-outcome.ts";
import { CancelledError, failedOutcome, messageOf, releasedOutcome } from "./outcome.ts";
import type { SettingsSource } from "./settings/given.ts";
import { commands, isCommand } from "./settings/commands.ts";
import { commandHelp, helpText } from "./settings/help.ts";
import { modelNames } from "./settings/model-folder.ts";
import {
  chosenModel,
  outcomePlacesOf,
  parseSettings,
  SettingsError,
  type OutcomePlaces,
  type Settings,
} from "./settings/settings.ts";
import { NoGpuError } from "./training/accelerator.ts";
import type { loadTensorflow } from "./training/tensorflow.ts";

/** Runs the command that the arguments name; the exit code. */
async function main(command: string | undefined, source: SettingsSource): Promise<number> {
  const wantsHelp = source.flags.some((flag) => flag === "--help" || flag === "-h");
  if (command === undefined || command === "help" || command.startsWith("-") || wantsHelp) {
    say(await helpOn(command, source));
    return 0;
  }
  if (command === "plan") return runPlan(source);
  if (isReleasing(command)) return runRelease(command, source);
  if (command === "trial") return runTrial(source);
  if (command === "dataset") return runDataset(source);
  if (command === "evaluate") return runEvaluate(source);
  throw new SettingsError([
    `${command}: there is no such command; there are ${Object.keys(commands).join(", ")}`,
  ]);
}

/** The help of a command, or of all of them. */
async function helpOn(command: string | undefined, source: SettingsSource): Promise<string> {
  const flags = source.flags.filter((flag) => flag !== "--help" && flag !== "-h");
  const asked = command === "help" ? flags[0] : command;
  const [model, names] = await Promise.all([chosenModel({ ...source, flags }), modelNames()]);
  return asked !== undefined && isCommand(asked)
    ? commandHelp(asked, model, names)
    : helpText(model, names);
}

async function runPlan(source: SettingsSource): Promise<number> {
  const settings = await parseSettings(source, process.cwd());
  const { variables } = source;
  const { signal } = new AbortController();
  // A program reads the one line that is said; of what is downloaded for it there is no need to know.
  const access = { cacheFolder: cacheFolder(variables), signal, onStatus: () => {}, variables };
  say(JSON.stringify(await plan(settings, access)));
  return 0;
}

/** Imported when they are run: most need TensorFlow. */
const releasing = {
  train: async (settings: Settings, surroundings: Surroundings) =>
    (await import("./commands/train.ts")).train(settings, surroundings),
  sweep: async (settings: Settings, surroundings: Surroundings) =>
    (await import("./commands/sweep.ts")).sweep(settings, surroundings),
  promote: async (settings: Settings, surroundings: Surroundings) =>
    (await import("./commands/promote.ts")).promote(settings, surroundings),
  rollback: async (settings: Settings, surroundings: Surroundings) =>
    (await import("./commands/rollback.ts")).rollback(settings, surroundings),
  import: async (settings: Settings, surroundings: Surroundings) =>
    (await import("./commands/import-model.ts")).importModel(settings, surroundings),
};
type Releasing = keyof typeof releasing;

/** What to call the work of a command that is cancelled. */
const workOf = {
  train: "training",
  sweep: "training",
  promote: "the promotion",
  rollback: "the rollback",
  import: "the import",
} satisfies Record<Releasing, string>;

function isReleasing(command: string): command is Releasing {
  return Object.hasOwn(releasing, command);
}

/** What ends in a release, or in the reason why there is none. */
async function runRelease(command: Releasing, source: SettingsSource): Promise<number> {
  const places = outcomePlacesOf(source, process.cwd());
  return ending(places, source, workOf[command], async (signal) => {
    const needsTensorflow = command !== "rollback";
    const { settings, surroundings } = await prepare(source, signal, needsTensorflow);
    const release = await releasing[command](settings, surroundings);
    say(releaseSummary(release));
    return releasedOutcome(release);
  });
}

/** A trial makes no release: what there is to say of it is in its run. */
async function runTrial(source: SettingsSource): Promise<number> {
  const { terminationLog } = outcomePlacesOf(source, process.cwd());
  const places = { file: undefined, configMap: undefined, terminationLog };
  return ending(places, source, workOf.train, async (signal) => {
    const { settings, surroundings } = await prepare(source, signal);
    const { trial } = await import("./commands/trial.ts");
    await trial(settings, surroundings);
    return undefined;
  });
}

/** Data that is only checked makes no release: what there is to say of it is in its report. */
async function runDataset(source: SettingsSource): Promise<number> {
  const { terminationLog } = outcomePlacesOf(source, process.cwd());
  const places = { file: undefined, configMap: undefined, terminationLog };
  return ending(places, source, "the check of the data", async (signal) => {
    const { settings, surroundings } = await prepare(source, signal, false);
    const { dataset } = await import("./commands/dataset.ts");
    await dataset(settings, surroundings);
    return undefined;
  });
}

/** A dry run on a package that is there already: it makes no release, and says what would be. */
async function runEvaluate(source: SettingsSource): Promise<number> {
  const { terminationLog, json } = outcomePlacesOf(source, process.cwd());
  const places = { file: undefined, configMap: undefined, terminationLog, json };
  return ending(places, source, "the evaluation", async (signal) => {
    const { settings, surroundings } = await prepare(source, signal);
    const { evaluate, verdictLine } = await import("./commands/evaluate.ts");
    const evaluated = await evaluate(settings, surroundings);
    say(verdictLine(evaluated));
    if (settings.json) say(JSON.stringify(evaluated));
    return evaluated.gate.verdict === "passed" ? exitCodes.released : exitCodes.gateFailed;
  });
}

/** How long an API server that is away is waited for; a cancelled pod is soon killed. */
const patienceMs = { usually: 60_000, cancelled: 8000 };

/**
 * Does what a command does, and tells how it ended: the exit code.
 * @param what the work is called
 * @param work gives the outcome, if it has one to tell about, or the exit code
 */
async function ending(
  places: OutcomePlaces,
  { variables }: SettingsSource,
  what: string,
  work: (signal: AbortSignal) => Promise<Outcome | number | undefined>,
): Promise<number> {
  const signal = cancellation(what);
  const deliver = async (outcome: Outcome) => {
    if (outcome.status === "failed") complain(outcome.failure.message);
    const patience = signal.aborted ? patienceMs.cancelled : patienceMs.usually;
    const told = await deliverOutcome(outcome, places, { variables, patienceMs: patience });
    if (told.status === "failed" && told !== outcome) complain(told.failure.message);
    if (places.json) {
      say(JSON.stringify(told.status === "released" ? told.release : told.failure));
    }
    return told.status === "released" ? exitCodes.released : told.failure.exitCode;
  };
  process.once("uncaughtException", async (error) => {
    await deliver(failedOutcome(error));
    process.exit(exitCodes.failed);
  });
  try {
    const outcome = await work(signal);
    if (typeof outcome === "number") return outcome;
    return outcome ? await deliver(outcome) : exitCodes.released;
  } catch (error) {
    return await deliver(failedOutcome(error));
  } finally {
    // What still waits for a store that does not answer must not keep a cancelled process.
    if (signal.aborted) setTimeout(() => process.exit(), 1000).unref();
  }
}

/** What a command works with: TensorFlow, where it is needed, takes half a second to load. */
async function prepare(
  source: SettingsSource,
  signal: AbortSignal,
  needsTensorflow = true,
): Promise<{ readonly settings: Settings; readonly surroundings: Surroundings }> {
  const settings = await parseSettings(source, process.cwd());
  const { variables } = source;
  const [{ pino }, { loadTensorflow }] = await Promise.all([
    import("pino"),
    import("./training/tensorflow.ts"),
  ]);
  const log = pino({ level: variables["LOG_LEVEL"] || "info" }, pino.destination(2));
  // A store behind the tracker reads its address there, and it may have been given by a flag.
  if (settings.trackingUri) process.env["MLFLOW_TRACKING_URI"] = settings.trackingUri;
  if (needsTensorflow) await loadFor(settings, loadTensorflow);
  const terminal = process.stdout.isTTY ? process.stdout : undefined;
  return { settings, surroundings: { variables, signal, say, log, terminal } };
}

/** @throws {SettingsError} if a GPU is asked for that is not there */
async function loadFor({ accelerator }: Settings, load: typeof loadTensorflow): Promise<void> {
  try {
    await load(accelerator);
  } catch (error) {
    if (error instanceof NoGpuError) throw new SettingsError([error.message]);
    throw error;
  }
}

/**
 * Is aborted by SIGTERM and SIGINT, and when the process that started this one goes away. A second
 * signal ends the process at once.
 */
function cancellation(what: string): AbortSignal {
  const controller = new AbortController();
  const cancel = (by: string) => controller.abort(new CancelledError(by, what));
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.once(name, () => {
      cancel(name);
      endOnSignal();
    });
  }
  if (process.connected) {
    process.once("disconnect", () => cancel("its parent went away"));
    // To listen for its end must not keep a process that has nothing left to do.
    process.channel?.unref();
  }
  return controller.signal;
}

function releaseSummary({ model, version, digest, metrics, gate }: Release): string {
  const measure = Object.values(mainMeasures).find((one) => metrics[one] !== undefined);
  const measured =
    measure === undefined
      ? ""
      : `, ${mainMeasureNames[measure]} ${(metrics[measure] ?? 0).toFixed(4)}`;
  return `${gateTable(gate)}\nreleased ${model} version ${version}${measured}, ${digest}`;
}

function say(line: string): void {
  process.stdout.write(`${line.trimEnd()}\n`);
}

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
}

// Whoever reads our output may be gone, which is no reason to leave a run open.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
try {
  const [command, ...rest] = process.argv.slice(2);
  const flags = command?.startsWith("-") ? [command, ...rest] : rest;
  process.exitCode = await main(command, { flags, variables: process.env });
} catch (error) {
  complain(messageOf(error));
  process.exitCode = failedOutcome(error).failure.exitCode;
}
