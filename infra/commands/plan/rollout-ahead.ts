import { differenceInWords, inputDifferences, isUnknownYet } from "./input-differences.ts";
import { makesAnew, type Preview, type Step } from "./read-preview.ts";

/** What serves, by type. */
const serverTypes: readonly string[] = [
  "updraft:local:Service",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:serving.kserve.io/v1beta1:InferenceService",
];

/** What comes of the update for whoever asks for predictions. */
export interface RolloutAhead {
  /**
   * `first`: nothing serves yet. `certain`: the server is rolled out. `if-released`: it is rolled
   * out if the gate lets the package pass. `if-digest-changes`: only if its digest is another, too.
   * `none`: what serves goes on as it is.
   */
  readonly outcome: "first" | "certain" | "if-released" | "if-digest-changes" | "none";
  /** Digest that serves. */
  readonly before: string | undefined;
  /** Digest that will serve, where that is known. */
  readonly after: string | undefined;
  /** What of the server is changed besides its model, in words. */
  readonly because: readonly string[];
  /** Where it serves, as far as that is known. */
  readonly url: string | undefined;
}

export interface RolloutSituation {
  /** Whether a run will come to a release. */
  readonly runs: boolean;
  /** Whether a gate is before it. */
  readonly isGated: boolean;
  /** Digest that serves. */
  readonly before: string | undefined;
  /** Digest that is to serve, where that is known. */
  readonly after: string | undefined;
  readonly url: string | undefined;
}

/** What will roll out, and what it depends on. */
export function rolloutAhead({ steps }: Preview, situation: RolloutSituation): RolloutAhead {
  const server = steps.find(({ urn, newState }) => isServer({ urn, type: newState?.type ?? "" }));
  const { before, after } = situation;
  const url = situation.url ?? (server && addressOf(server));
  const because = server ? ownChanges(server) : [];
  return { outcome: outcomeOf(server, because, situation), before, after, because, url };
}

function outcomeOf(
  server: Step | undefined,
  because: readonly string[],
  { runs, isGated, before, after }: RolloutSituation,
): RolloutAhead["outcome"] {
  if (before === undefined) return "first";
  const isAnew = server !== undefined && (makesAnew(server) || because.length > 0);
  if (isAnew) return runs && isGated ? "if-released" : "certain";
  if (!runs || before === after) return "none";
  if (after === undefined) return "if-digest-changes";
  return isGated ? "if-released" : "certain";
}

/** Whether a resource is what answers requests. */
export function isServer({ urn, type }: { readonly urn: string; readonly type: string }): boolean {
  return urn.includes("updraft:platform:Inference$") && serverTypes.includes(type);
}

/** What is changed of it whatever the release is. */
function ownChanges(server: Step): string[] {
  const isOfModel = /(^|\.)MODEL_|updraft\.dev\/model-/;
  return inputDifferences(server)
    .filter((change) => !isUnknownYet(change) && !isOfModel.test(change.path))
    .map(differenceInWords);
}

/** A server of this machine has its address among its inputs. */
function addressOf({ newState }: Step): string | undefined {
  const { host, port } = newState?.inputs ?? {};
  return typeof host === "string" && typeof port === "number"
    ? `http://${host}:${port}`
    : undefined;
}
