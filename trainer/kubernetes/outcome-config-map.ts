import { messageOf } from "@updraft/contracts/message-of";
import type { Outcome } from "@updraft/contracts/release";
import { z } from "zod";
import { ApiServerError, callApiServer } from "./call-api-server.ts";
import { thisPod } from "./pod.ts";

/** The key of a ConfigMap that holds an outcome. */
export const outcomeKey = "outcome.json";

/** Who the fields of the ConfigMap belong to. */
const fieldManager = "updraft-trainer";

/** A ConfigMap as it is applied. */
export interface OutcomeConfigMap {
  readonly apiVersion: "v1";
  readonly kind: "ConfigMap";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly object[];
  };
  readonly data: Readonly<Record<string, string>>;
}

/** What a ConfigMap with an outcome is called, and what it belongs to. */
export interface OutcomePlace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The Job, with which the ConfigMap goes. */
  readonly job: { readonly name: string; readonly uid: string } | undefined;
}

/** The ConfigMap that holds an outcome. */
export function outcomeConfigMap(
  outcome: Outcome,
  namespace: string,
  { name, labels, job }: OutcomePlace,
): OutcomeConfigMap {
  const owner = job && { apiVersion: "batch/v1", kind: "Job", ...job };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, labels, ...(owner ? { ownerReferences: [owner] } : {}) },
    data: { [outcomeKey]: `${JSON.stringify(outcome, undefined, 2)}\n` },
  };
}

/**
 * Writes an outcome to a ConfigMap of the pod's namespace, over one that may be there. It is
 * applied on the server: one call that creates or replaces, and does no harm twice.
 * @param name of the ConfigMap
 * @param variables `TRAINER_JOB_NAME` and `TRAINER_JOB_UID`, `TRAINER_LABELS`, and what
 * {@link thisPod} reads
 * @param patienceMs how long an API server that is away is waited for, in milliseconds
 * @throws naming the ConfigMap, why it cannot be written and what to do
 */
export async function publishOutcome(
  name: string,
  outcome: Outcome,
  variables: Readonly<Record<string, string | undefined>>,
  patienceMs: number,
): Promise<void> {
  let where = `ConfigMap ${name}`;
  try {
    const pod = await thisPod(variables);
    where += ` in namespace ${pod.namespace}`;
    const place = { name, labels: labelsIn(variables), job: jobIn(variables) };
    const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/configmaps/${encodeURIComponent(name)}`;
    const call = {
      method: "PATCH",
      path: `${path}?fieldManager=${fieldManager}&force=true`,
      contentType: "application/apply-patch+yaml",
      // JSON is YAML.
      body: JSON.stringify(outcomeConfigMap(outcome, pod.namespace, place)),
    } as const;
    await callApiServer(pod, call, patienceMs);
  } catch (error) {
    const advice = isForbidden(error)
      ? "; let the pod's service account create and patch configmaps there"
      : "";
    throw new Error(`the outcome cannot be written to the ${where}: ${messageOf(error)}${advice}`, {
      cause: error,
    });
  }
}

const Labels = z.record(z.string(), z.string());

function labelsIn({ TRAINER_LABELS: text }: Readonly<Record<string, string | undefined>>) {
  if (!text) return {};
  try {
    return Labels.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `TRAINER_LABELS ${text.slice(0, 80)}: expected an object of texts such as {"app.kubernetes.io/name": "trainer"}`,
      { cause: error },
    );
  }
}

function jobIn(variables: Readonly<Record<string, string | undefined>>) {
  const name = variables["TRAINER_JOB_NAME"];
  const uid = variables["TRAINER_JOB_UID"];
  if (name && uid) return { name, uid };
  if (!name && !uid) return undefined;
  throw new Error(
    `${name ? "TRAINER_JOB_UID" : "TRAINER_JOB_NAME"} is not set; an owner has a name and a uid, so set both or none`,
  );
}

function isForbidden(error: unknown): boolean {
  return error instanceof ApiServerError && error.status === 403;
}
