import { ApiregistrationV1Api, AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import type { KubeConfig } from "@kubernetes/client-node";
import { createAll } from "../control-plane/client.ts";
import { waitFor } from "../processes/wait-for.ts";
import { dns } from "./dns.ts";
import { metrics, metricsApi } from "./metrics.ts";
import { namespace } from "./roles.ts";
import { storage } from "./storage.ts";

/** Images of what the cluster runs for itself. */
export interface AddonImages {
  readonly coredns: string;
  readonly metricsServer: string;
}

/** Makes the objects of what runs in the cluster for everybody. @param node where it runs */
export async function createAddons(
  config: KubeConfig,
  images: AddonImages,
  node: string,
): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  await waitFor({ what: "the namespace's service account", seconds: 60 }, () =>
    core.readNamespacedServiceAccount({ name: "default", namespace }),
  );
  await createAll(config, [
    ...storage(),
    ...dns(images.coredns, node),
    ...metrics(images.metricsServer, node),
  ]);
}

/** Waits until names are resolved and metrics are there. */
export async function addonsReady(config: KubeConfig): Promise<void> {
  const apps = config.makeApiClient(AppsV1Api);
  const registrations = config.makeApiClient(ApiregistrationV1Api);
  await Promise.all([
    waitFor({ what: "the cluster's DNS server", seconds: 120 }, async () => {
      const { status } = await apps.readNamespacedDeployment({ name: "coredns", namespace });
      return (status?.readyReplicas ?? 0) > 0;
    }),
    waitFor({ what: "the metrics API", seconds: 150 }, async () => {
      const { status } = await registrations.readAPIService({ name: metricsApi });
      return status?.conditions?.some(
        ({ type, status: is }) => type === "Available" && is === "True",
      );
    }),
  ]);
}
