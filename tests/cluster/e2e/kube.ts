import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiException,
  AppsV1Api,
  AutoscalingV2Api,
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
  type V1Job,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import type { TestCluster } from "../harness/test-cluster.ts";

/** What is in the namespace of one stack, and what can be done to it from outside. */
export class Kube {
  readonly namespace: string;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly batch: BatchV1Api;
  readonly autoscaling: AutoscalingV2Api;
  readonly networking: NetworkingV1Api;
  readonly rbac: RbacAuthorizationV1Api;
  readonly #image: string;

  constructor(cluster: Pick<TestCluster, "kubeconfig" | "images">, namespace: string) {
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    this.core = config.makeApiClient(CoreV1Api);
    this.apps = config.makeApiClient(AppsV1Api);
    this.batch = config.makeApiClient(BatchV1Api);
    this.autoscaling = config.makeApiClient(AutoscalingV2Api);
    this.networking = config.makeApiClient(NetworkingV1Api);
    this.rbac = config.makeApiClient(RbacAuthorizationV1Api);
    this.namespace = namespace;
    this.#image = cluster.images.node;
  }

  /** Pods of a program of the platform that are not about to go, by name. */
  async pods(program: string): Promise<V1Pod[]> {
    const { namespace } = this;
    const labelSelector = `app.kubernetes.io/name=${program}`;
    const { items } = await this.core.listNamespacedPod({ namespace, labelSelector });
    return items
      .filter((pod) => pod.metadata?.deletionTimestamp === undefined)
      .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  /** Names of the pods of a program that are ready. */
  async readyPods(program: string): Promise<string[]> {
    return (await this.pods(program)).filter(isReady).map(nameOf);
  }

  /** The trainer's Jobs that are in the cluster, the oldest first. */
  async trainings(): Promise<V1Job[]> {
    const { items } = await this.batch.listNamespacedJob({
      namespace: this.namespace,
      labelSelector: "app.kubernetes.io/name=trainer",
    });
    return items.toSorted((a, b) => createdAt(a) - createdAt(b));
  }

  /** Identities of what the trainer's pods need in the namespace, by kind. */
  async trainerRights(): Promise<Record<string, string | undefined>> {
    const named = { name: "trainer", namespace: this.namespace };
    const found = {
      account: await this.core.readNamespacedServiceAccount(named),
      role: await this.rbac.readNamespacedRole(named),
      binding: await this.rbac.readNamespacedRoleBinding(named),
      policy: await this.networking.readNamespacedNetworkPolicy(named),
    };
    return Object.fromEntries(
      Object.entries(found).map(([kind, { metadata }]) => [kind, metadata?.uid]),
    );
  }

  async deletePod(name: string): Promise<void> {
    await this.core.deleteNamespacedPod({ name, namespace: this.namespace });
  }

  /** Keeps new pods off a node, or lets them come again. */
  async cordon(node: string, unschedulable: boolean): Promise<void> {
    await this.core.replaceNode({
      name: node,
      body: await this.core
        .readNode({ name: node })
        .then((found) => ({ ...found, spec: { ...found.spec, unschedulable } }) as V1Node),
    });
  }

  /**
   * Cordons a node and evicts the stack's pods from it, as `kubectl drain` does: an eviction that a
   * PodDisruptionBudget refuses is tried again.
   */
  async drain(node: string): Promise<void> {
    await this.cordon(node, true);
    const { namespace } = this;
    const fieldSelector = `spec.nodeName=${node}`;
    const { items } = await this.core.listNamespacedPod({ namespace, fieldSelector });
    await Promise.all(items.filter((pod) => !isOver(pod)).map((pod) => this.#evict(nameOf(pod))));
  }

  /**
   * Runs a script in a pod of another namespace or of this one, and gives what it printed.
   * @param script JavaScript, an ES module
   */
  async runScript(
    script: string,
    { namespace = this.namespace, labels = {} }: RunScriptOptions = {},
  ): Promise<string> {
    const body = scriptPod(this.#image, script, labels);
    const { metadata } = await this.core.createNamespacedPod({ namespace, body });
    const name = metadata?.name ?? "";
    try {
      await eventually(`the pod ${name} ends`, 90, async () => {
        const { status } = await this.core.readNamespacedPodStatus({ name, namespace });
        return status?.phase === "Succeeded" || status?.phase === "Failed";
      });
      return await this.core.readNamespacedPodLog({ name, namespace });
    } finally {
      await this.core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 });
    }
  }

  async #evict(name: string): Promise<void> {
    const { namespace } = this;
    const body = { metadata: { name, namespace } };
    await eventually(`the pod ${name} is evicted`, 180, async () => {
      try {
        await this.core.createNamespacedPodEviction({ name, namespace, body });
        return false;
      } catch (error) {
        if (error instanceof ApiException && error.code === 404) return true;
        if (error instanceof ApiException && error.code === 429) return false;
        throw error;
      }
    });
  }
}

interface RunScriptOptions {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Waits until something is so. @throws after the given time, with what was waited for */
export async function eventually(
  what: string,
  seconds: number,
  condition: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await sleep(500);
  }
}

export function nameOf({ metadata }: V1Pod | V1Job): string {
  return metadata?.name ?? "";
}

function createdAt({ metadata }: V1Job): number {
  return metadata?.creationTimestamp?.getTime() ?? 0;
}

function isReady({ status }: V1Pod): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: is }) => type === "Ready" && is === "True",
  );
}

function isOver({ status }: V1Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function scriptPod(image: string, script: string, labels: Readonly<Record<string, string>>): V1Pod {
  return {
    metadata: { generateName: "script-", labels: { ...labels } },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "script",
          image,
          command: ["node", "--input-type=module", "--eval", script],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          resources: {
            requests: { cpu: "10m", memory: "64Mi" },
            limits: { cpu: "1", memory: "256Mi" },
          },
        },
      ],
    },
  };
}
