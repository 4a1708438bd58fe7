import { ApiException, KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import type { KubernetesObject } from "@kubernetes/client-node";
import { paths } from "../paths.ts";

/** The cluster's administrator. */
export function adminConfig(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(paths.kubeconfig);
  return config;
}

/** Makes objects that are not there yet. */
export async function createAll(
  config: KubeConfig,
  objects: readonly KubernetesObject[],
): Promise<void> {
  const client = KubernetesObjectApi.makeApiClient(config);
  for (const object of objects) {
    try {
      await client.create(object);
    } catch (error) {
      if (!hasCode(error, 409)) throw error;
    }
  }
}

/** Whether the apiserver answered with this status. */
export function hasCode(error: unknown, code: number): boolean {
  return error instanceof ApiException && error.code === code;
}
