import { type KubeObject, nameOf } from "../objects/kube-object.ts";

/** How the waiting ended. */
export type NotReadyCause = "failed" | "timeout" | "cancelled";

const messages: Readonly<Record<NotReadyCause, (name: string) => string>> = {
  failed: (name) => `Resource '${name}' was created but failed to initialize`,
  timeout: (name) => `'${name}' timed out waiting to be Ready`,
  cancelled: (name) => `Resource operation was cancelled for "${name}"`,
};

/** The object is there, but did not become ready. */
export class NotReady extends Error {
  override readonly name = "NotReady";
  readonly object: KubeObject;
  readonly errors: readonly string[];

  constructor(cause: NotReadyCause, object: KubeObject, errors: readonly string[]) {
    super(messages[cause](nameOf(object)));
    this.object = object;
    this.errors = errors;
  }
}
