import { apiVersionOfKind, type Kind, kindOfObject } from "../objects/kind.ts";
import {
  apiVersionOf,
  type KubeObject,
  kindOf,
  listAt,
  nameOf,
  namespaceOf,
  stringAt,
} from "../objects/kube-object.ts";
import { fieldAt } from "../objects/kube-object.ts";
import { isNotFound, NoMatchError } from "./api-error.ts";
import type { Connection } from "./connection.ts";

/** How a kind is reached. */
interface ApiResource {
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface WriteOptions {
  readonly fieldManager: string;
  readonly dryRun: boolean;
}

export interface ApplyOptions extends WriteOptions {
  /** Takes over fields that others manage, instead of a conflict. */
  readonly force: boolean;
}

/** Which objects to list or to watch. */
export interface Selection {
  readonly kind: Kind;
  readonly namespace: string;
  /** One object; all of the namespace where it is left out. */
  readonly name?: string | undefined;
}

/** A cluster's objects, of any kind. */
export class Cluster {
  readonly #connection: Connection;
  readonly #resources = new Map<string, Promise<ReadonlyMap<string, ApiResource>>>();
  readonly #signal: AbortSignal;

  /** Requests end with the signal. */
  constructor(connection: Connection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  /** Forgets which kinds there are, after one was added. */
  forgetKinds(): void {
    this.#resources.clear();
  }

  /** @throws NoMatchError where the cluster has no such kind. */
  async isNamespaced(kind: Kind): Promise<boolean> {
    return (await this.#resource(kind)).namespaced;
  }

  /** Whether the cluster has such a kind. */
  async hasKind(kind: Kind): Promise<boolean> {
    try {
      await this.#resource(kind);
      return true;
    } catch {
      return false;
    }
  }

  get(object: KubeObject, name = nameOf(object)): Promise<KubeObject> {
    return this.#send("GET", object, name);
  }

  /** The object after the operations have been cancelled, too. */
  async getFinally(object: KubeObject): Promise<KubeObject> {
    const path = await this.#path(kindOfObject(object), namespaceOf(object), nameOf(object));
    return (await this.#connection.send({ method: "GET", path })) as KubeObject;
  }

  create(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    return this.#send("POST", object, "", { body: object, query: writeQuery(options) });
  }

  /** Replaces the whole object. */
  replace(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    return this.#send("PUT", object, nameOf(object), { body: object, query: writeQuery(options) });
  }

  /** @see https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    return this.#send("PATCH", object, nameOf(object), {
      body: object,
      contentType: "application/apply-patch+yaml",
      query: { ...writeQuery(options), force: String(options.force) },
    });
  }

  /** @see https://www.rfc-editor.org/rfc/rfc6902 */
  jsonPatch(object: KubeObject, operations: readonly unknown[]): Promise<KubeObject> {
    return this.#send("PATCH", object, nameOf(object), {
      body: operations,
      contentType: "application/json-patch+json",
    });
  }

  /** @see https://www.rfc-editor.org/rfc/rfc7386 */
  mergePatch(object: KubeObject, patch: unknown, options: WriteOptions): Promise<KubeObject> {
    return this.#send("PATCH", object, nameOf(object), {
      body: patch,
      contentType: "application/merge-patch+json",
      query: writeQuery(options),
    });
  }

  async delete(object: KubeObject, name: string, propagationPolicy: string): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
    await this.#send("DELETE", object, name, { body });
  }

  /** The selected objects, and the version from which on a watch tells their changes. */
  async list(selection: Selection, signal?: AbortSignal) {
    const response = await this.#connection.send({
      method: "GET",
      path: await this.#path(selection.kind, selection.namespace, ""),
      query: selectionQuery(selection),
      signal: this.#orCancelled(signal),
    });
    // Objects in a list do not say what they are.
    const type = { apiVersion: apiVersionOfKind(selection.kind), kind: selection.kind.kind };
    const objects = listAt(response, "items").map((item) => ({ ...type, ...(item as KubeObject) }));
    return { objects, resourceVersion: stringAt(response, "metadata", "resourceVersion") };
  }

  /** Changes of the selected objects since a version. */
  async *watch(selection: Selection, resourceVersion: string, signal: AbortSignal) {
    yield* this.#connection.watch({
      method: "GET",
      path: await this.#path(selection.kind, selection.namespace, ""),
      query: {
        ...selectionQuery(selection),
        watch: "true",
        resourceVersion,
        timeoutSeconds: "300",
      },
      signal: this.#orCancelled(signal),
    });
  }

  #orCancelled(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#signal]) : this.#signal;
  }

  async #send(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    object: KubeObject,
    name: string,
    rest: {
      readonly body?: unknown;
      readonly contentType?: string;
      readonly query?: Readonly<Record<string, string | undefined>>;
    } = {},
  ): Promise<KubeObject> {
    const path = await this.#path(kindOfObject(object), namespaceOf(object), name);
    const signal = this.#signal;
    return (await this.#connection.send({ method, path, signal, ...rest })) as KubeObject;
  }

  async #path(kind: Kind, namespace: string, name: string): Promise<string> {
    const { plural, namespaced } = await this.#resource(kind);
    const scope = namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
    const base = `${groupPath(kind)}${scope}/${plural}`;
    return name === "" ? base : `${base}/${encodeURIComponent(name)}`;
  }

  async #resource(kind: Kind): Promise<ApiResource> {
    const path = groupPath(kind);
    const known = this.#resources.get(path) ?? this.#discover(path);
    this.#resources.set(path, known);
    const resource = (await known).get(kind.kind);
    if (resource) return resource;
    // It may be there the next time.
    this.#resources.delete(path);
    throw new NoMatchError(kind.kind, apiVersionOfKind(kind));
  }

  async #discover(path: string): Promise<ReadonlyMap<string, ApiResource>> {
    try {
      const response = await this.#connection.send({ method: "GET", path, signal: this.#signal });
      const resources = listAt(response, "resources")
        // Subresources have a slash in their name.
        .filter((resource) => !stringAt(resource, "name").includes("/"))
        .map((resource): [string, ApiResource] => [
          stringAt(resource, "kind"),
          {
            plural: stringAt(resource, "name"),
            namespaced: fieldAt(resource, "namespaced") === true,
          },
        ]);
      return new Map(resources);
    } catch (error) {
      this.#resources.delete(path);
      if (isNotFound(error)) return new Map();
      throw error;
    }
  }
}

function groupPath({ group, version }: Kind): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

function writeQuery({ fieldManager, dryRun }: WriteOptions) {
  return { fieldManager, fieldValidation: "Warn", dryRun: dryRun ? "All" : undefined };
}

function selectionQuery({ name }: Selection) {
  return { fieldSelector: name === undefined ? undefined : `metadata.name=${name}` };
}

/** How messages call an object: `apps/v1/Deployment`. */
export function typeOf(object: KubeObject): string {
  return `${apiVersionOf(object)}/${kindOf(object)}`;
}
