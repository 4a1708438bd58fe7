import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { gateTable, type GateReport } from "@updraft/contracts/gate";
import { exitCodes, type Failure, type Outcome, type Release } from "@updraft/contracts/release";
import { DataError } from "@updraft/models/dataset";
import { SettingsError } from "./settings/settings.ts";

/** The gate said no. */
export class GateFailedError extends Error {
  readonly gate: GateReport;

  constructor(gate: GateReport) {
    const reasons = gate.rules.filter((rule) => rule.verdict === "failed");
    super(`the gate failed: ${reasons.map(({ reason }) => reason).join("; ")}\n${gateTable(gate)}`);
    this.name = "GateFailedError";
    this.gate = gate;
  }
}

/** Somebody asked the trainer to stop. */
export class CancelledError extends Error {
  /**
   * @param by what asked: `SIGTERM`
   * @param what it was doing
   */
  constructor(by: string, what = "training") {
    super(`${what} was cancelled (${by})`);
    this.name = "CancelledError";
  }
}

/** A failure in a run that the tracker knows. */
export class RunFailedError extends Error {
  readonly runId: string;

  constructor(runId: string, cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = "RunFailedError";
    this.runId = runId;
  }
}

/** The outcome of a release. */
export function releasedOutcome(release: Release): Outcome {
  return { status: "released", release };
}

/** The outcome of an error: which exit code it is, and what there is to say. */
export function failedOutcome(error: unknown): Outcome & { readonly failure: Failure } {
  const run = error instanceof RunFailedError ? error : undefined;
  const reason = run ? run.cause : error;
  return {
    status: "failed",
    failure: {
      exitCode: exitCodeOf(reason),
      message: messageOf(reason),
      ...(run ? { runId: run.runId } : {}),
      ...(reason instanceof GateFailedError ? { gate: reason.gate } : {}),
    },
  };
}

/** Writes the outcome, whole or not at all. */
export async function writeOutcome(file: string, outcome: Outcome): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const incoming = `${file}.${process.pid}.incoming`;
  await writeFile(incoming, `${JSON.stringify(outcome, undefined, 2)}\n`);
  await rename(incoming, file);
}

/** What an error says, or a placeholder where it says nothing. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text === "" ? "unknown error" : text;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof SettingsError) return exitCodes.badSettings;
  if (error instanceof DataError) return exitCodes.dataRejected;
  if (error instanceof GateFailedError) return exitCodes.gateFailed;
  return exitCodes.failed;
}
