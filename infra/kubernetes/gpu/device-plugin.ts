import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { sha256 } from "@updraft/contracts/digest";
import { checksumAnnotation } from "../checksum.ts";
import { labelsOf, selectorOf } from "../labels.ts";
import { metadata, type Place } from "../metadata.ts";
import { networkPolicy } from "../network-policy.ts";
import { gpuPlacement, gpuResource } from "./pool.ts";

/** The device plugin, in the words of labels. */
export const devicePluginPart = { name: "nvidia-device-plugin", component: "gpu" } as const;

export interface DevicePlugin {
  readonly place: Place;
  /** By its digest. */
  readonly image: pulumi.Input<string>;
  readonly runtimeClass?: string | undefined;
  /** How many pods share one GPU; nothing where none do. */
  readonly sharedBy?: number | undefined;
}

/**
 * The namespace of the device plugin. Its pods see folders of their nodes, which the stack's own
 * namespace forbids.
 */
export function devicePluginNamespace(stack: string, name: string): k8s.core.v1.NamespaceArgs {
  const modes = ["enforce", "audit", "warn"];
  const security = modes.map((mode) => [`pod-security.kubernetes.io/${mode}`, "privileged"]);
  return {
    metadata: {
      name,
      labels: labelsOf({ ...devicePluginPart, stack }, Object.fromEntries(security)),
    },
  };
}

/** Nothing talks to the plugin but the kubelet, through a socket of the node. */
export function devicePluginNetworkPolicy(place: Place): k8s.networking.v1.NetworkPolicyArgs {
  return networkPolicy(place, devicePluginPart, {});
}

/**
 * How the plugin shares GPUs: each counts as several, whose pods take turns without any limit
 * between them.
 * @see https://github.com/NVIDIA/k8s-device-plugin#with-cuda-time-slicing
 */
export function timeSlicingConfig(place: Place, replicas: number): k8s.core.v1.ConfigMapArgs {
  return {
    metadata: metadata(place, devicePluginPart),
    data: { [configFile]: sharing(replicas) },
  };
}

/** NVIDIA's device plugin on every node of the pool: it tells the kubelet of the node's GPUs. */
export function devicePlugin(plugin: DevicePlugin): k8s.apps.v1.DaemonSetArgs {
  const { place, sharedBy } = plugin;
  const part = { ...devicePluginPart, stack: place.stack };
  const annotations = sharedBy && { [checksumAnnotation]: `sha256:${sha256(sharing(sharedBy))}` };
  return {
    metadata: metadata(place, devicePluginPart),
    spec: {
      selector: { matchLabels: selectorOf(part) },
      updateStrategy: { type: "RollingUpdate" },
      template: {
        metadata: { labels: labelsOf(part), ...(annotations ? { annotations } : {}) },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // Without it no training gets a GPU: it is the last to be evicted.
          priorityClassName: "system-node-critical",
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          ...gpuPlacement(plugin.runtimeClass),
          containers: [container(plugin)],
          volumes: [
            { name: kubelet.name, hostPath: { path: kubelet.mountPath, type: "Directory" } },
            ...(sharedBy
              ? [{ name: config.name, configMap: { name: devicePluginPart.name } }]
              : []),
          ],
        },
      },
    },
  };
}

/** A RuntimeClass for containers with GPUs, where the nodes' default runtime has none. */
export function gpuRuntimeClass(
  stack: string,
  { name, handler }: { readonly name: string; readonly handler: string },
): k8s.node.v1.RuntimeClassArgs {
  return { metadata: { name, labels: labelsOf({ name, component: "gpu", stack }) }, handler };
}

const configFile = "config.yaml";
const config = { name: "config", mountPath: "/config" };
/** Where plugins and the kubelet find each other. */
const kubelet = { name: "device-plugins", mountPath: "/var/lib/kubelet/device-plugins" };

function container({ image, sharedBy }: DevicePlugin): k8s.types.input.core.v1.Container {
  const env = {
    ...(sharedBy ? { CONFIG_FILE: `${config.mountPath}/${configFile}` } : {}),
    FAIL_ON_INIT_ERROR: "true",
    NVIDIA_DRIVER_CAPABILITIES: "compute,utility",
    NVIDIA_VISIBLE_DEVICES: "all",
  };
  return {
    name: devicePluginPart.name,
    image,
    imagePullPolicy: "IfNotPresent",
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    // Root, because the kubelet's folder is root's; without any of root's other rights.
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    volumeMounts: [kubelet, ...(sharedBy ? [{ ...config, readOnly: true }] : [])],
  };
}

function sharing(replicas: number): string {
  return `version: v1
sharing:
  timeSlicing:
    resources:
      - name: ${gpuResource}
        replicas: ${replicas}
`;
}
