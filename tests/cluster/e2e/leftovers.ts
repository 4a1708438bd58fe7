import { ApisApi, CoreV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";

const Objects = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
    }),
  ),
});

/**
 * Everything in a cluster that is a stack's: objects of every kind with its label, in whatever
 * namespace, its namespace, volumes that one of its claims had, labels and taints of nodes.
 * @returns a line for each, sorted
 */
export async function leftoversOf(
  kubeconfig: string,
  stack: string,
  namespace: string,
): Promise<string[]> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const labelSelector = `updraft.dev/stack=${stack}`;
  const core = config.makeApiClient(CoreV1Api);
  const found = [
    ...(await labelledObjects(config, labelSelector)),
    ...(await coreObjects(core, labelSelector, namespace)),
    ...(await nodeMarks(core)),
  ];
  return [...new Set(found)].toSorted();
}

/** Of all groups beside the core one, whatever the cluster knows. */
async function labelledObjects(config: KubeConfig, labelSelector: string): Promise<string[]> {
  const custom = config.makeApiClient(CustomObjectsApi);
  const { groups } = await config.makeApiClient(ApisApi).getAPIVersions();
  const lines: string[] = [];
  for (const { name: group, preferredVersion, versions } of groups) {
    const version = preferredVersion?.version ?? versions[0]?.version ?? "v1";
    const { resources } = await custom.getAPIResources({ group, version });
    const listed = resources.filter(
      ({ name, verbs }) => !name.includes("/") && verbs.includes("list"),
    );
    for (const { name: plural, kind } of listed) {
      const answer: unknown = await custom.listClusterCustomObject({
        group,
        version,
        plural,
        labelSelector,
      });
      for (const { metadata } of Objects.parse(answer).items) {
        lines.push(`${kind} ${metadata.namespace ?? "-"}/${metadata.name}`);
      }
    }
  }
  return lines;
}

async function coreObjects(
  core: CoreV1Api,
  labelSelector: string,
  namespace: string,
): Promise<string[]> {
  const [pods, claims, services, secrets, configMaps, accounts] = await Promise.all([
    core.listPodForAllNamespaces({ labelSelector }),
    core.listPersistentVolumeClaimForAllNamespaces({ labelSelector }),
    core.listServiceForAllNamespaces({ labelSelector }),
    core.listSecretForAllNamespaces({ labelSelector }),
    core.listConfigMapForAllNamespaces({ labelSelector }),
    core.listServiceAccountForAllNamespaces({ labelSelector }),
  ]);
  const labelled = { pods, claims, services, secrets, configMaps, accounts };
  const lines = Object.entries(labelled).flatMap(([kind, { items }]) =>
    items.map(({ metadata }) => `${kind} ${metadata?.namespace}/${metadata?.name}`),
  );
  const volumes = await core.listPersistentVolume();
  const namespaces = await core.listNamespace();
  return [
    ...lines,
    ...volumes.items
      .filter(({ spec }) => spec?.claimRef?.namespace === namespace)
      .map(({ metadata }) => `volume ${metadata?.name}`),
    ...namespaces.items
      .filter(({ metadata }) => metadata?.name === namespace)
      .map(({ metadata }) => `namespace ${metadata?.name}`),
  ];
}

/** What a GPU pool puts on nodes. */
async function nodeMarks(core: CoreV1Api): Promise<string[]> {
  const { items } = await core.listNode();
  return items.flatMap(({ metadata, spec }) => [
    ...Object.keys(metadata?.labels ?? {})
      .filter((label) => label.startsWith("nvidia.com/") || label.startsWith("updraft.dev/"))
      .map((label) => `label ${label} of node ${metadata?.name}`),
    ...(spec?.taints ?? []).map((taint) => `taint ${taint.key} of node ${metadata?.name}`),
  ]);
}
