import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where a cluster puts what a pod reaches its API with. */
const mountedAt = "/var/run/secrets/kubernetes.io/serviceaccount";

/** How a process in a pod reaches the API of its cluster. */
export interface Pod {
  /** `https://<host>:<port>`. */
  readonly apiServer: string;
  readonly namespace: string;
  /** Certificate of who signs for the API server, PEM. */
  readonly ca: string;
  /** The service account's token as it is now: the kubelet puts another one there every hour. */
  readonly token: () => Promise<string>;
}

/**
 * The pod that this process runs in.
 * @param variables `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`, which every pod has, and
 * `TRAINER_SERVICE_ACCOUNT`, a folder with `token`, `ca.crt` and `namespace`
 * @throws if it runs in none, or without a service account's token
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
export async function thisPod(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Pod> {
  const host = variables["KUBERNETES_SERVICE_HOST"];
  const port = variables["KUBERNETES_SERVICE_PORT"] || "443";
  if (!host) {
    throw new Error(
      "KUBERNETES_SERVICE_HOST is not set: this is no pod, so there is no cluster to write to; leave TRAINER_OUTCOME_CONFIG_MAP out, or name a file with TRAINER_OUTCOME_FILE",
    );
  }
  const folder = variables["TRAINER_SERVICE_ACCOUNT"] || mountedAt;
  const read = async (name: string) => {
    const file = join(folder, name);
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      throw new Error(
        `${file} cannot be read; the pod needs automountServiceAccountToken: true and a service account that may write ConfigMaps`,
        { cause: error },
      );
    });
    return text.trim();
  };
  const [namespace, ca] = await Promise.all([read("namespace"), read("ca.crt"), read("token")]);
  const address = host.includes(":") ? `[${host}]` : host;
  return { apiServer: `https://${address}:${port}`, namespace, ca, token: () => read("token") };
}
