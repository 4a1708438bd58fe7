import { gateTable } from "@updraft/contracts/gate";
import { exitCodes, type Outcome, type Release } from "@updraft/contracts/release";
import { plan } from "./commands/plan.ts";
import {
  CancelledError,
  failedOutcome,
  messageOf,
  releasedOutcome,
  writeOutcome,
} from "./outcome.ts";
import type { SettingsSource } from "./settings/given.ts";
import { helpText } from "./settings/help.ts";
import { modelNames } from "./settings/model-folder.ts";
import {
  chosenModel,
  outcomeFileOf,
  parseSettings,
  SettingsError,
  type Settings,
} from "./settings/settings.ts";

/** Runs the command that the arguments name; the exit code. */
async function main(command: string | undefined, source: SettingsSource): Promise<number> {
  const wantsHelp = source.flags.some((flag) => flag === "--help" || flag === "-h");
  if (command === undefined || command === "help" || command.startsWith("-") || wantsHelp) {
    say(helpText(await chosenModel(source), await modelNames()));
    return 0;
  }
  if (command === "plan") return runPlan(source);
  if (command === "train") return runTrain(source);
  throw new SettingsError([`${command}: there is no such command; there are train and plan`]);
}

async function runPlan(source: SettingsSource): Promise<number> {
  say(JSON.stringify(await plan(await parseSettings(source, process.cwd()))));
  return 0;
}

async function runTrain(source: SettingsSource): Promise<number> {
  const signal = cancellation();
  const outcomeFile = outcomeFileOf(source, process.cwd());
  let outcome: Outcome;
  try {
    const settings = await parseSettings(source, process.cwd());
    const release = await train(settings, source.variables, signal);
    say(releaseSummary(release));
    outcome = releasedOutcome(release);
  } catch (error) {
    const failed = failedOutcome(error);
    complain(failed.failure.message);
    outcome = failed;
  }
  if (outcomeFile !== undefined) await writeOutcome(outcomeFile, outcome);
  return outcome.status === "released" ? exitCodes.released : outcome.failure.exitCode;
}

/** The command, with what only it needs: TensorFlow takes half a second to load. */
async function train(
  settings: Settings,
  variables: SettingsSource["variables"],
  signal: AbortSignal,
): Promise<Release> {
  const [{ pino }, { loadTensorflow }] = await Promise.all([
    import("pino"),
    import("./training/tensorflow.ts"),
  ]);
  const log = pino({ level: variables["LOG_LEVEL"] || "info" }, pino.destination(2));
  // A store behind the tracker reads its address there, and it may have been given by a flag.
  if (settings.trackingUri) process.env["MLFLOW_TRACKING_URI"] = settings.trackingUri;
  await loadTensorflow();
  const command = await import("./commands/train.ts");
  return command.train(settings, { variables, signal, say, log });
}

/**
 * Is aborted by SIGTERM and SIGINT, and when the process that started this one goes away. A second
 * signal ends the process at once.
 */
function cancellation(): AbortSignal {
  const controller = new AbortController();
  const cancel = (by: string) => controller.abort(new CancelledError(by));
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => cancel(name));
  if (process.connected) {
    process.once("disconnect", () => cancel("its parent went away"));
    // To listen for its end must not keep a process that has nothing left to do.
    process.channel?.unref();
  }
  return controller.signal;
}

function releaseSummary({ model, version, digest, metrics, gate }: Release): string {
  const accuracy = (metrics["accuracy"] ?? 0).toFixed(4);
  return `${gateTable(gate)}\nreleased ${model} version ${version}, accuracy ${accuracy}, ${digest}`;
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
