import type { Engine } from "../support/engine.ts";
import {
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type CreateResult,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type PluginProvider,
  type ReadRequest,
  type ReadResult,
  ResourceInitFailed,
  type UpdateRequest,
} from "../support/plugin-provider.ts";
import { containsUnknown, type Properties, withoutSecrets } from "../support/wire-values.ts";
import { checkInputs } from "./check.ts";
import { isNotFound, isReason, NoMatchError } from "./cluster/api-error.ts";
import { Cluster } from "./cluster/cluster.ts";
import { Connection } from "./cluster/connection.ts";
import { diffConfiguration } from "./diff-configuration.ts";
import { diffObjects } from "./diff.ts";
import { annotations, isAnnotated } from "./objects/annotations.ts";
import { uniqueName } from "./objects/auto-name.ts";
import { checkpoint, parseCheckpoint, withSecretsOf } from "./objects/checkpoint.ts";
import {
  apiVersionOfKind,
  assertSupported,
  isPatch,
  type Kind,
  kindOfObject,
  kindOfUrn,
} from "./objects/kind.ts";
import {
  annotation,
  apiVersionOf,
  type KubeObject,
  kindOf,
  parseId,
  qualifiedName,
  withoutField,
} from "./objects/kube-object.ts";
import { normalise } from "./objects/normalise.ts";
import {
  create,
  NotPreviewable,
  type OperationContext,
  read,
  relinquish,
  remove,
  update,
} from "./operations.ts";
import { prune } from "./changes/prune.ts";
import { parseSettings, type Settings } from "./settings.ts";
import { isJobComplete } from "./waiting/job.ts";
import { NotReady } from "./waiting/not-ready.ts";

interface Configuration {
  readonly settings: Settings;
  /** Undefined where the cluster cannot be reached. */
  readonly cluster: Cluster | undefined;
  readonly namespace: string;
  readonly unreachableBecause: string;
}

/** Stands in for the official Kubernetes plugin. */
export class KubernetesProvider implements PluginProvider {
  readonly version = "4.34.2";
  readonly #engine: Engine;
  readonly #cancellation = new AbortController();
  #configuration: Configuration | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async diffConfig({ olds, news }: DiffRequest): Promise<DiffResult> {
    return diffConfiguration(olds, news);
  }

  async configure(variables: Readonly<Record<string, string>>): Promise<void> {
    const settings = parseSettings(variables, process.env);
    try {
      const connection = await Connection.open(settings.source);
      const cluster = new Cluster(connection, this.#cancellation.signal);
      await cluster.isNamespaced({ group: "", version: "v1", kind: "Namespace" });
      const namespace = settings.namespace ?? connection.namespace;
      this.#configuration = { settings, cluster, namespace, unreachableBecause: "" };
    } catch (error) {
      const unreachableBecause = error instanceof Error ? error.message : String(error);
      const namespace = settings.namespace ?? "default";
      this.#configuration = { settings, cluster: undefined, namespace, unreachableBecause };
    }
  }

  async check(request: CheckRequest): Promise<CheckResult> {
    const { settings, cluster, namespace } = this.#configured();
    if (!cluster && settings.skipUpdateUnreachable) return { inputs: request.olds };
    return checkInputs(request, {
      settings,
      namespace,
      isNamespaced: (kind) => isNamespaced(cluster, kind),
    });
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    const { settings, cluster } = this.#configured();
    const kind = kindOfObject(withoutSecrets(request.news) as KubeObject);
    return diffObjects(request, {
      mutability: settings.mutability,
      namespaced: await isNamespaced(cluster, kind),
      isUnready: (news, live) => this.#isUnready(request.urn, news, live),
    });
  }

  /** Whether the object is to be replaced because it did not become ready. */
  async #isUnready(urn: string, news: KubeObject, oldLive: KubeObject): Promise<boolean> {
    if (!isAnnotated(news, "replaceUnready")) return false;
    const { cluster } = this.#configured();
    if (!cluster) {
      this.#engine.log("warning", urn, "Cluster is unreachable, skipping replaceUnready check");
      return false;
    }
    if (kindOf(news) !== "Job") {
      const message = "replaceUnready annotation is not supported for this resource";
      this.#engine.log("warning", urn, message);
      return false;
    }
    const live = await cluster.get(oldLive).catch(() => undefined);
    return live !== undefined && !isJobComplete(live);
  }

  async create({ urn, properties, timeoutSeconds, preview }: CreateRequest): Promise<CreateResult> {
    const inputs = withoutSecrets(properties) as KubeObject;
    const { settings, cluster } = this.#configured();
    const isPreviewable =
      !containsUnknown(inputs) &&
      !isPatch(urn, kindOf(inputs)) &&
      settings.serverSideApply &&
      (await cluster?.hasKind(kindOfObject(inputs))) === true;
    if (preview && !isPreviewable) return { id: "", properties };
    const fieldManager = fieldManagerOf(inputs, "", settings);
    const context = this.#context(urn, fieldManager);
    const state = (live: KubeObject) =>
      checkpoint({
        inputs,
        live: preview ? withoutField(live, ["status"]) : live,
        fromInputs: properties,
        initialApiVersion: apiVersionOf(inputs),
        fieldManager,
      });
    try {
      const change = { inputs, preview, customTimeoutSeconds: timeoutSeconds };
      const live = await create(context, change);
      if (kindOf(inputs) === "CustomResourceDefinition") context.cluster.forgetKinds();
      return { id: preview ? "" : qualifiedName(live), properties: state(live) };
    } catch (error) {
      if (preview && isHarmlessInPreview(error)) return { id: "", properties };
      throw creationError(error, urn, state);
    }
  }

  async read({ id, urn, properties, inputs }: ReadRequest): Promise<ReadResult> {
    const { name, namespace } = parseId(id);
    const { settings, cluster, unreachableBecause } = this.#configured();
    if (!cluster) return this.#readUnreachable({ id, urn, properties, inputs }, unreachableBecause);
    if (name === "") {
      throw new Error(
        "failed to read resource because of a failure to parse resource name from request ID: " +
          id,
      );
    }
    const old = parseCheckpoint(properties);
    const oldInputs = normalise(withoutSecrets(inputs) as KubeObject);
    const isOurs = kindOf(oldInputs) !== "" || kindOf(old.live) !== "";
    const shape = kindOf(oldInputs) === "" ? identityOf(urn, old.live, name, namespace) : oldInputs;
    const fieldManager = fieldManagerOf(shape, old.fieldManager, settings);
    const state = (live: KubeObject) => {
      const liveInputs = isOurs ? prune(live, shape) : importedInputs(live, shape);
      return {
        id: id === "" ? qualifiedName(live) : id,
        properties: checkpoint({
          inputs: liveInputs,
          live,
          fromInputs: inputs,
          initialApiVersion: old.initialApiVersion || apiVersionOf(shape),
          fieldManager,
        }),
        inputs: withSecretsOf(liveInputs, inputs),
      };
    };
    try {
      return state(await read(this.#context(urn, fieldManager), shape, name, isOurs));
    } catch (error) {
      if (isNotFound(error) || error instanceof NoMatchError) return { id: "" };
      if (!(error instanceof NotReady)) throw error;
      throw initFailure(error, error.message, state(error.object));
    }
  }

  #readUnreachable(request: ReadRequest, reason: string): ReadResult {
    const { settings } = this.#configured();
    const { id, urn, properties, inputs } = request;
    const message = `configured Kubernetes cluster is unreachable: ${reason}`;
    this.#engine.log("warning", urn, message);
    if (settings.deleteUnreachable) return { id: "" };
    if (settings.skipUpdateUnreachable) return { id, properties, inputs };
    throw new Error(
      "failed to read resource state due to unreachable cluster. If the cluster was deleted, you " +
        "can remove this resource from Pulumi state by rerunning the operation with the " +
        'PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
    );
  }

  async update(request: UpdateRequest): Promise<Properties> {
    const { urn, news, preview } = request;
    const { settings, cluster } = this.#configured();
    const inputs = normalise(withoutSecrets(news) as KubeObject);
    const known = (await cluster?.hasKind(kindOfObject(inputs))) === true;
    if (preview && (containsUnknown(inputs) || !known)) return news;
    const old = parseCheckpoint(request.olds);
    const oldManager = fieldManagerOf(old.inputs, old.fieldManager, settings);
    const fieldManager = fieldManagerOf(inputs, old.fieldManager, settings);
    const context = this.#context(urn, fieldManager);
    const { initialApiVersion } = old;
    const state = (live: KubeObject) =>
      checkpoint({ inputs, live, fromInputs: news, initialApiVersion, fieldManager });
    try {
      const live = await update(context, {
        inputs,
        preview,
        customTimeoutSeconds: request.timeoutSeconds,
        oldLive: old.live,
        oldInputs: old.inputs,
        ignoreChanges: request.ignoreChanges,
      });
      if (settings.serverSideApply && !preview && oldManager !== fieldManager) {
        await relinquish({ ...context, fieldManager: oldManager }, live);
      }
      return state(live);
    } catch (error) {
      if (preview && isReason(error, "Forbidden")) return news;
      throw await this.#updateError(error, context, old.live, state);
    }
  }

  /** The object is kept as it is in the cluster now: the next update goes on from there. */
  async #updateError(
    error: unknown,
    { cluster, urn }: OperationContext,
    oldLive: KubeObject,
    state: (live: KubeObject) => Properties,
  ): Promise<unknown> {
    if (!(error instanceof Error)) return error;
    let live;
    try {
      live = await cluster.getFinally(oldLive);
    } catch (readError) {
      const reason = readError instanceof Error ? readError.message : String(readError);
      return new Error(
        `update of resource "${urn}" failed: ${error.message}\nunable to get cluster state: ${reason}`,
        { cause: error },
      );
    }
    const id = qualifiedName(live);
    const message =
      `the Kubernetes API server reported that "${id}" failed to fully initialize or become live: ` +
      error.message;
    return initFailure(error, message, { id, properties: state(live) });
  }

  async delete({ id, urn, properties, timeoutSeconds }: DeleteRequest): Promise<void> {
    const { settings, cluster, unreachableBecause } = this.#configured();
    if (!cluster) {
      const message = `configured Kubernetes cluster is unreachable: ${unreachableBecause}`;
      this.#engine.log("warning", urn, message);
      if (settings.deleteUnreachable) return;
      throw new Error(
        "configured Kubernetes cluster is unreachable. If the cluster was deleted, you can remove " +
          "this resource from Pulumi state by rerunning the operation with the " +
          'PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
      );
    }
    const { inputs, live, fieldManager } = parseCheckpoint(properties);
    const context = this.#context(urn, fieldManagerOf(inputs, fieldManager, settings));
    try {
      await remove(context, {
        inputs,
        live,
        name: parseId(id).name,
        customTimeoutSeconds: timeoutSeconds,
      });
    } catch (error) {
      if (error instanceof NoMatchError) return;
      throw error;
    }
  }

  async invoke(token: string): Promise<Properties> {
    throw new Error(
      `the stand-in for the Kubernetes plugin does not support the function ${token}; install the ` +
        "official plugin",
    );
  }

  cancel(): void {
    this.#cancellation.abort();
  }

  #configured(): Configuration {
    if (!this.#configuration) throw new Error("the Kubernetes provider is not configured");
    return this.#configuration;
  }

  #context(urn: string, fieldManager: string): OperationContext {
    assertSupported(urn);
    const { settings, cluster, unreachableBecause } = this.#configured();
    if (!cluster) {
      throw new Error(`configured Kubernetes cluster is unreachable: ${unreachableBecause}`);
    }
    const signal = this.#cancellation.signal;
    return { cluster, engine: this.#engine, settings, signal, urn, fieldManager };
  }
}

/** Whether objects of a kind are in a namespace; of one that is not there yet, they are taken to. */
async function isNamespaced(cluster: Cluster | undefined, kind: Kind): Promise<boolean> {
  try {
    return (await cluster?.isNamespaced(kind)) ?? true;
  } catch (error) {
    if (error instanceof NoMatchError) return true;
    throw error;
  }
}

/** By annotation, as before, or a new one. */
function fieldManagerOf(inputs: KubeObject, before: string, settings: Settings): string {
  if (!settings.serverSideApply) return "pulumi-kubernetes";
  const annotated = annotation(inputs, annotations.patchFieldManager);
  return annotated || before || uniqueName(undefined, "pulumi-kubernetes-");
}

/** Whether a preview can do without the API server's word on the object. */
function isHarmlessInPreview(error: unknown): boolean {
  return (
    error instanceof NotPreviewable ||
    isReason(error, "Forbidden") ||
    isReason(error, "AlreadyExists")
  );
}

function creationError(
  error: unknown,
  urn: string,
  state: (live: KubeObject) => Properties,
): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof NotReady) {
    const message =
      `resource "${urn}" was successfully created, but the Kubernetes API server reported that it ` +
      `failed to fully initialize or become live: ${error.message}`;
    return initFailure(error, message, {
      id: qualifiedName(error.object),
      properties: state(error.object),
    });
  }
  if (error instanceof NoMatchError) {
    const kind = kindOfUrn(urn);
    return new Error(
      `creation of resource "${urn}" with kind ${apiVersionOfKind(kind)}/${kind.kind} failed ` +
        "because the Kubernetes API server reported that the apiVersion for this resource does not " +
        `exist. Verify that any required CRDs have been created: ${error.message}`,
      { cause: error },
    );
  }
  return new Error(
    `resource "${urn}" was not successfully created by the Kubernetes API server: ${error.message}`,
    { cause: error },
  );
}

function initFailure(
  error: Error,
  message: string,
  kept: { readonly id: string; readonly properties: Properties; readonly inputs?: Properties },
): ResourceInitFailed {
  const details = error instanceof NotReady ? error.errors : [];
  return new ResourceInitFailed({ ...kept, message, reasons: [message, ...details] });
}

/** What is enough to ask for an object. */
function identityOf(urn: string, live: KubeObject, name: string, namespace: string): KubeObject {
  const kind = kindOf(live) === "" ? kindOfUrn(urn) : kindOfObject(live);
  return {
    apiVersion: apiVersionOfKind(kind),
    kind: kind.kind,
    metadata: { name, ...(namespace !== "" && { namespace }) },
  };
}

const notInputs = [
  ["metadata", "creationTimestamp"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
  ["metadata", "uid"],
  ["metadata", "annotations", "deployment.kubernetes.io/revision"],
  ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
] as const;

/** Inputs that would make an object that something else has made. */
function importedInputs(live: KubeObject, shape: KubeObject): KubeObject {
  const all = { ...prune(live, shape), ...withoutField(live, ["status"]) };
  return notInputs.reduce<KubeObject>((inputs, path) => withoutField(inputs, path), all);
}
