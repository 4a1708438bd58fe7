import {
  ApiregistrationV1Api,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
} from "@kubernetes/client-node";
import type { KubernetesObject, V1Container, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { createAll, hasCode } from "./control-plane/client.ts";
import { waitFor } from "./processes/wait-for.ts";

/** A namespace of a test, with what runs in it. */
export class TestNamespace {
  readonly name: string;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly batch: BatchV1Api;
  readonly custom: CustomObjectsApi;
  readonly registrations: ApiregistrationV1Api;
  readonly #config: KubeConfig;

  constructor(kubeconfig: string, name: string) {
    this.name = name;
    this.#config = new KubeConfig();
    this.#config.loadFromFile(kubeconfig);
    this.core = this.#config.makeApiClient(CoreV1Api);
    this.apps = this.#config.makeApiClient(AppsV1Api);
    this.batch = this.#config.makeApiClient(BatchV1Api);
    this.custom = this.#config.makeApiClient(CustomObjectsApi);
    this.registrations = this.#config.makeApiClient(ApiregistrationV1Api);
  }

  /** Makes the namespace; it lets in only what the strictest of Kubernetes' rules allow. */
  async create(): Promise<void> {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await this.core.createNamespace({ body: { metadata: { name: this.name, labels } } });
  }

  /** Removes the namespace with everything in it, and waits until it is gone. */
  async remove(): Promise<void> {
    await this.core.deleteNamespace({ name: this.name });
    await waitFor({ what: `namespace ${this.name} to go`, seconds: 120 }, () => this.#isGone());
  }

  async #isGone(): Promise<boolean> {
    try {
      await this.core.readNamespace({ name: this.name });
      return false;
    } catch (error) {
      return hasCode(error, 404);
    }
  }

  /** Makes objects in the namespace. */
  async add(...objects: (KubernetesObject & { spec?: unknown })[]): Promise<void> {
    const namespaced = objects.map((object) => ({
      ...object,
      metadata: { ...object.metadata, namespace: this.name },
    }));
    await createAll(this.#config, namespaced);
  }

  /** Waits until a deployment has a pod that is ready. */
  async available(name: string): Promise<void> {
    await waitFor({ what: `deployment ${name} to be available`, seconds: 120 }, async () => {
      const { status } = await this.apps.readNamespacedDeployment({ name, namespace: this.name });
      return (status?.availableReplicas ?? 0) > 0;
    });
  }

  /** Waits until a pod is in a phase. */
  phase(name: string, phase: string): Promise<V1Pod> {
    return waitFor({ what: `pod ${name} to be ${phase}`, seconds: 120 }, async () => {
      const pod = await this.core.readNamespacedPod({ name, namespace: this.name });
      return pod.status?.phase === phase ? pod : undefined;
    });
  }

  /** Runs a pod to its end. @returns what it printed */
  async output(pod: V1Pod): Promise<string> {
    await this.add(pod);
    const name = pod.metadata?.name ?? "";
    await this.phase(name, "Succeeded");
    return this.core.readNamespacedPodLog({ name, namespace: this.name });
  }
}

/** A pod that may run under the strictest rules. */
export function strictPod(
  name: string,
  container: Omit<V1Container, "name">,
  more: { labels?: Record<string, string>; spec?: Partial<V1PodSpec>; user?: number } = {},
): V1Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: more.labels },
    spec: strictPodSpec(container, { restartPolicy: "Never", ...more.spec }, more.user),
  };
}

/** The same as part of a deployment or job. */
export function strictPodSpec(
  container: Omit<V1Container, "name">,
  spec: Partial<V1PodSpec> = {},
  user = 1000,
): V1PodSpec {
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "main",
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        ...container,
      },
    ],
    ...spec,
  };
}
