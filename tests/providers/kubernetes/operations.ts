import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../support/engine.ts";
import { mergePatch } from "./changes/merge-patch.ts";
import { prune } from "./changes/prune.ts";
import {
  isImmutableField,
  isNamespaceNotFound,
  isNotFound,
  isReason,
  NoMatchError,
} from "./cluster/api-error.ts";
import type { Cluster } from "./cluster/cluster.ts";
import { isCreatedByUs, takenOverBy, withIgnoredFields } from "./managed-fields.ts";
import {
  isAnnotated,
  propagationPolicy,
  skipsDeletionAwait,
  timeoutSeconds,
} from "./objects/annotations.ts";
import { uniqueName } from "./objects/auto-name.ts";
import { isPatch } from "./objects/kind.ts";
import {
  apiVersionOf,
  type KubeObject,
  kindOf,
  listAt,
  nameOf,
  namespaceOf,
  withField,
} from "./objects/kube-object.ts";
import { normalise } from "./objects/normalise.ts";
import type { Settings } from "./settings.ts";
import { awaitDeleted } from "./waiting/await-deleted.ts";
import { awaitReady, isReadyNow } from "./waiting/await-ready.ts";
import { NotReady } from "./waiting/not-ready.ts";
import { readinessOf, refreshReadinessOf } from "./waiting/readiness.ts";
import type { StatusLine } from "./waiting/verdict.ts";

/** What an operation works with. */
export interface OperationContext {
  readonly cluster: Cluster;
  readonly engine: Engine;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly urn: string;
  readonly fieldManager: string;
}

export interface Change {
  readonly inputs: KubeObject;
  readonly preview: boolean;
  /** From `customTimeouts`; 0 where the program sets none. */
  readonly customTimeoutSeconds: number;
}

/** The namespace is not there yet: nothing can be said about what would be created in it. */
export class NotPreviewable extends Error {
  override readonly name = "NotPreviewable";
}

const maxRetries = 5;

/** Creates an object, or shows what it would be, and waits until it is ready. */
export async function create(context: OperationContext, change: Change): Promise<KubeObject> {
  const live = await createWithRetries(context, change);
  clearStatus(context);
  return change.preview ? live : settle(context, change, live, undefined);
}

/** A namespace or a kind may be about to come: objects are created in any order. */
async function createWithRetries(context: OperationContext, change: Change): Promise<KubeObject> {
  for (let retry = 0; ; retry++) {
    try {
      return await createOnce(context, change);
    } catch (error) {
      if (change.preview && isNamespaceNotFound(error)) {
        throw new NotPreviewable(`namespace does not exist for "${nameOf(change.inputs)}"`);
      }
      const message = error instanceof Error ? error.message : String(error);
      const { engine, urn } = context;
      engine.status("info", urn, `Retry #${retry}; creation failed: ${message}`);
      const mayCome = isNotFound(error) || error instanceof NoMatchError;
      if (!mayCome || retry >= maxRetries) throw error;
      await sleep(1000 * 2 ** retry, undefined, { signal: context.signal });
    }
  }
}

async function createOnce(context: OperationContext, change: Change): Promise<KubeObject> {
  const { cluster, fieldManager, settings, urn } = context;
  const { inputs, preview } = change;
  const options = { fieldManager, dryRun: preview };
  const applies = settings.serverSideApply && (settings.upsert || isPatch(urn, kindOf(inputs)));
  if (!applies) return cluster.create(inputs, options);
  const force = isForced(context, inputs, undefined, preview);
  try {
    return await cluster.apply(inputs, { ...options, force });
  } catch (error) {
    if (!preview || !isImmutableField(error)) throw explained(error, fieldManager);
    return applyUnderAnotherName(context, inputs, force);
  }
}

/** What a replacement would be can only be asked for under another name. */
function applyUnderAnotherName(
  context: OperationContext,
  inputs: KubeObject,
  force: boolean,
): Promise<KubeObject> {
  const name = uniqueName(undefined, nameOf(inputs));
  const { cluster, engine, fieldManager, urn } = context;
  engine.log(
    "info",
    urn,
    `Preview creation failed due to immutable fields; retrying with name "${name}"`,
  );
  const renamed = withField(inputs, ["metadata", "name"], name);
  return cluster.apply(renamed, { fieldManager, dryRun: true, force });
}

export interface Update extends Change {
  /** The object as the state has it. */
  readonly oldLive: KubeObject;
  readonly oldInputs: KubeObject;
  readonly ignoreChanges: readonly string[];
}

/** Updates an object, or shows what it would be, and waits until it is ready. */
export async function update(context: OperationContext, change: Update): Promise<KubeObject> {
  const { cluster } = context;
  const before = await cluster.get(change.inputs, nameOf(change.oldLive));
  const live = await updateOnce(context, change, before);
  return change.preview ? live : settle(context, change, live, before);
}

async function updateOnce(
  context: OperationContext,
  change: Update,
  before: KubeObject,
): Promise<KubeObject> {
  const { cluster, fieldManager, settings } = context;
  const { inputs, preview } = change;
  const options = { fieldManager, dryRun: preview };
  if (kindOf(inputs) === "CustomResourceDefinition") {
    const version = (before["metadata"] as KubeObject)["resourceVersion"];
    return cluster.replace(withField(inputs, ["metadata", "resourceVersion"], version), options);
  }
  if (!settings.serverSideApply) {
    const patch = mergePatch(prune(before, normalise(change.oldInputs)), inputs);
    return cluster.mergePatch(inputs, patch, options);
  }
  const current = preview ? before : await takeOver(context, inputs, before);
  const force = isForced(context, inputs, current, preview);
  const applied = withIgnoredFields(inputs, current, fieldManager, change.ignoreChanges);
  try {
    return await cluster.apply(applied, { ...options, force });
  } catch (error) {
    throw explained(error, fieldManager);
  }
}

/** Makes the fields that we or kubectl have set otherwise those of our name. */
async function takeOver(
  { cluster, fieldManager, urn }: OperationContext,
  inputs: KubeObject,
  live: KubeObject,
): Promise<KubeObject> {
  if (isPatch(urn, kindOf(inputs))) return live;
  const entries = takenOverBy(live, fieldManager);
  if (!entries) return live;
  return cluster.jsonPatch(live, [
    { op: "replace", path: "/metadata/managedFields", value: entries },
  ]);
}

function isForced(
  { settings }: OperationContext,
  inputs: KubeObject,
  live: KubeObject | undefined,
  preview: boolean,
): boolean {
  if (isAnnotated(inputs, "patchForce")) return true;
  if (settings.patchForce !== undefined) return settings.patchForce;
  // Fields are taken over before a real update, so a preview may not stumble over them either.
  if (preview) return live === undefined || isCreatedByUs(live);
  return live !== undefined && listAt(live, "metadata", "managedFields").length === 0;
}

const conflictHelp =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/" +
  "managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources";

function explained(error: unknown, fieldManager: string): unknown {
  if (!isReason(error, "Conflict")) return error;
  return new Error(
    `Server-Side Apply field conflict detected. See ${conflictHelp} for troubleshooting help.\n` +
      `The resource managed by field manager "${fieldManager}" had an apply conflict: ` +
      error.message,
    { cause: error },
  );
}

/** Waits until a created or updated object is ready, and reads it once more. */
async function settle(
  context: OperationContext,
  { inputs, customTimeoutSeconds }: Change,
  live: KubeObject,
  previous: KubeObject | undefined,
): Promise<KubeObject> {
  const { cluster, signal } = context;
  const readiness = readinessOf(inputs, live);
  if (!readiness) return live;
  const ready = await awaitReady({
    cluster,
    readiness,
    object: live,
    previous,
    timeoutSeconds: timeoutSeconds(customTimeoutSeconds, inputs),
    signal,
    tell: statusTeller(context),
  });
  clearStatus(context);
  return ready;
}

/**
 * Reads an object.
 * @throws NotReady of one of ours that is not as it should be
 */
export async function read(
  context: OperationContext,
  inputs: KubeObject,
  name: string,
  isOurs: boolean,
): Promise<KubeObject> {
  const { cluster } = context;
  const live = await cluster.get(inputs, name);
  const readiness = isOurs ? refreshReadinessOf(inputs, live) : undefined;
  if (!readiness) return live;
  const { ready, errors } = await isReadyNow(cluster, readiness, live);
  if (!ready) throw new NotReady("failed", live, errors);
  return live;
}

interface Deletion {
  readonly inputs: KubeObject;
  readonly live: KubeObject;
  readonly name: string;
  readonly customTimeoutSeconds: number;
}

/** Deletes an object and waits until it is gone; a patch gives up its fields instead. */
export async function remove(context: OperationContext, deletion: Deletion): Promise<void> {
  const { inputs, live, name } = deletion;
  const { cluster, settings, signal, urn, engine } = context;
  if (settings.serverSideApply && isPatch(urn, kindOf(inputs))) {
    await relinquish(context, live);
    return;
  }
  try {
    await cluster.delete(live, name, propagationPolicy(inputs));
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  if (skipsDeletionAwait(inputs)) return;
  await awaitDeleted({
    cluster,
    object: live,
    timeoutSeconds: timeoutSeconds(deletion.customTimeoutSeconds, inputs),
    signal,
    tell: statusTeller(context),
    warn: (message) => engine.log("warning", urn, message),
  });
  clearStatus(context);
}

/** Gives up all fields of an object that a manager manages. */
export async function relinquish(
  { cluster, fieldManager }: OperationContext,
  live: KubeObject,
): Promise<void> {
  const namespace = namespaceOf(live);
  const identity = {
    apiVersion: apiVersionOf(live),
    kind: kindOf(live),
    metadata: { name: nameOf(live), ...(namespace !== "" && { namespace }) },
  };
  await cluster.apply(identity, { fieldManager, dryRun: false, force: false });
}

function statusTeller({ engine, urn }: OperationContext): (line: StatusLine) => void {
  return ({ severity, message }) => engine.status(severity, urn, message);
}

function clearStatus({ engine, urn }: OperationContext): void {
  engine.status("info", urn, "");
}
