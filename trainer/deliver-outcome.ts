import { exitCodes, type Outcome, type Release } from "@updraft/contracts/release";
import { publishOutcome } from "./kubernetes/outcome-config-map.ts";
import { messageOf, writeOutcome } from "./outcome.ts";
import type { OutcomePlaces } from "./settings/settings.ts";
import { writeTerminationMessage } from "./termination-message.ts";

export interface DeliveryOptions {
  /** What says which pod and Job this is. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** How long an API server that is away is waited for, in milliseconds. */
  readonly patienceMs: number;
}

/**
 * Writes an outcome to every place that it belongs to.
 * @returns the outcome in the end: a release that cannot be told about is none for whoever waits
 * for it, and a failure also says what could not be written
 */
export async function deliverOutcome(
  outcome: Outcome,
  { file, configMap, terminationLog }: OutcomePlaces,
  { variables, patienceMs }: DeliveryOptions,
): Promise<Outcome> {
  let delivered = outcome;
  const attempt = async (write: () => Promise<void>) => {
    try {
      await write();
    } catch (error) {
      delivered = withProblem(delivered, messageOf(error));
    }
  };
  if (configMap !== undefined) {
    await attempt(() => publishOutcome(configMap, outcome, variables, patienceMs));
  }
  if (file !== undefined) await attempt(() => writeOutcome(file, delivered));
  if (terminationLog !== undefined) await attempt(() => tellKubelet(terminationLog, delivered));
  return delivered;
}

async function tellKubelet(terminationLog: string, outcome: Outcome): Promise<void> {
  if (outcome.status === "released") return;
  try {
    writeTerminationMessage(terminationLog, outcome.failure.message);
  } catch (error) {
    throw new Error(
      `the termination message cannot be written to ${terminationLog} (TRAINER_TERMINATION_LOG): ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function withProblem(outcome: Outcome, problem: string): Outcome {
  if (outcome.status === "failed") {
    const { failure } = outcome;
    return { status: "failed", failure: { ...failure, message: `${failure.message}\n${problem}` } };
  }
  const { release } = outcome;
  return {
    status: "failed",
    failure: {
      exitCode: exitCodes.failed,
      message: `${labelOf(release)} is released, but ${problem}\nrun it again: the same settings find the same version`,
      runId: release.runId,
    },
  };
}

function labelOf({ model, version, digest }: Release): string {
  return `${model} version ${version} (${digest})`;
}
