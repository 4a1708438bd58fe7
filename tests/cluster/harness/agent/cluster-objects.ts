import { CoreV1Api, NetworkingV1Api } from "@kubernetes/client-node";
import type {
  KubeConfig,
  V1Namespace,
  V1NetworkPolicy,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
} from "@kubernetes/client-node";
import { watched } from "./watched.ts";
import type { WatchCallbacks } from "./watched.ts";

/** The objects of the cluster that the agent acts on, as they are now. */
export interface ClusterObjects {
  pods(): readonly V1Pod[];
  namespaces(): readonly V1Namespace[];
  policies(): readonly V1NetworkPolicy[];
  claims(): readonly V1PersistentVolumeClaim[];
  volumes(): readonly V1PersistentVolume[];
}

/** Begins to watch; the answer comes when all of them are there. */
export async function watchCluster(
  config: KubeConfig,
  callbacks: WatchCallbacks,
): Promise<ClusterObjects> {
  const core = config.makeApiClient(CoreV1Api);
  const networking = config.makeApiClient(NetworkingV1Api);
  const pods = () => core.listPodForAllNamespaces();
  const namespaces = () => core.listNamespace();
  const policies = () => networking.listNetworkPolicyForAllNamespaces();
  const claims = () => core.listPersistentVolumeClaimForAllNamespaces();
  const volumes = () => core.listPersistentVolume();
  const policyPath = "/apis/networking.k8s.io/v1/networkpolicies";
  const claimPath = "/api/v1/persistentvolumeclaims";
  const kinds = {
    pods: watched(config, "/api/v1/pods", pods, callbacks),
    namespaces: watched(config, "/api/v1/namespaces", namespaces, callbacks),
    policies: watched(config, policyPath, policies, callbacks),
    claims: watched(config, claimPath, claims, callbacks),
    volumes: watched(config, "/api/v1/persistentvolumes", volumes, callbacks),
  };
  await Promise.all(Object.values(kinds).map((kind) => kind.start()));
  return {
    pods: kinds.pods.list,
    namespaces: kinds.namespaces.list,
    policies: kinds.policies.list,
    claims: kinds.claims.list,
    volumes: kinds.volumes.list,
  };
}
