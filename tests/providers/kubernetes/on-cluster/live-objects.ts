import type { KubernetesObject, V1ObjectMeta } from "@kubernetes/client-node";

/** An object as tests name it. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export type LiveObject = KubernetesObject & Readonly<Record<string, unknown>>;

/** The cluster's objects by another client than the stand-in's own. */
export class LiveObjects {
  readonly #kubeconfig: string;

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
  }

  /** The object, or undefined where it is not there. */
  async get(ref: ObjectRef): Promise<LiveObject | undefined> {
    try {
      return (await (await this.#api()).read(header(ref))) as LiveObject;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === 404) return undefined;
      throw error;
    }
  }

  async create(ref: ObjectRef, rest: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await (await this.#api()).create({ ...header(ref), ...rest } as KubernetesObject);
  }

  /** Changes members as another manager of fields. */
  async merge(ref: ObjectRef, patch: Readonly<Record<string, unknown>>): Promise<void> {
    const { PatchStrategy } = await import("@kubernetes/client-node");
    await (
      await this.#api()
    ).patch(
      { ...header(ref), ...patch } as KubernetesObject,
      undefined,
      undefined,
      "somebody-else",
      undefined,
      PatchStrategy.MergePatch,
    );
  }

  async delete(ref: ObjectRef): Promise<void> {
    if (await this.get(ref)) await (await this.#api()).delete(header(ref));
  }

  async list(apiVersion: string, kind: string, namespace: string): Promise<LiveObject[]> {
    const { items } = await (await this.#api()).list(apiVersion, kind, namespace);
    return items as LiveObject[];
  }

  async #api() {
    const { KubeConfig, KubernetesObjectApi } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromFile(this.#kubeconfig);
    return KubernetesObjectApi.makeApiClient(config);
  }
}

function header({ apiVersion, kind, name, namespace }: ObjectRef) {
  const metadata: V1ObjectMeta = { name, ...(namespace !== undefined && { namespace }) };
  return {
    apiVersion,
    kind,
    metadata: metadata as V1ObjectMeta & { name: string; namespace: string },
  };
}
