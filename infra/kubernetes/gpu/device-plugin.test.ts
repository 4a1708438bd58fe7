import { expect, it } from "vitest";
import {
  devicePlugin,
  devicePluginNamespace,
  devicePluginNetworkPolicy,
  gpuRuntimeClass,
  timeSlicingConfig,
} from "./device-plugin.ts";

const place = { stack: "dev", namespace: "updraft-dev-gpu" };
const image = `nvcr.io/nvidia/k8s-device-plugin@sha256:${"a".repeat(64)}`;
const labels = {
  "app.kubernetes.io/name": "nvidia-device-plugin",
  "app.kubernetes.io/instance": "dev",
  "app.kubernetes.io/component": "gpu",
  "app.kubernetes.io/part-of": "updraft",
  "app.kubernetes.io/managed-by": "pulumi",
  "updraft.dev/stack": "dev",
};
const selector = {
  "app.kubernetes.io/name": "nvidia-device-plugin",
  "app.kubernetes.io/instance": "dev",
};
const metadata = { name: "nvidia-device-plugin", namespace: "updraft-dev-gpu", labels };

it("runs on the pool's nodes and sees only the folder where the kubelet is", () => {
  expect(devicePlugin({ place, image })).toEqual({
    metadata,
    spec: {
      selector: { matchLabels: selector },
      updateStrategy: { type: "RollingUpdate" },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          priorityClassName: "system-node-critical",
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          nodeSelector: { "nvidia.com/gpu.present": "true" },
          tolerations: [
            { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
            {
              key: "kubernetes.azure.com/scalesetpriority",
              operator: "Equal",
              value: "spot",
              effect: "NoSchedule",
            },
          ],
          containers: [
            {
              name: "nvidia-device-plugin",
              image,
              imagePullPolicy: "IfNotPresent",
              env: [
                { name: "FAIL_ON_INIT_ERROR", value: "true" },
                { name: "NVIDIA_DRIVER_CAPABILITIES", value: "compute,utility" },
                { name: "NVIDIA_VISIBLE_DEVICES", value: "all" },
              ],
              resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              volumeMounts: [
                { name: "device-plugins", mountPath: "/var/lib/kubelet/device-plugins" },
              ],
            },
          ],
          volumes: [
            {
              name: "device-plugins",
              hostPath: { path: "/var/lib/kubelet/device-plugins", type: "Directory" },
            },
          ],
        },
      },
    },
  });
});

it("shares GPUs as its configuration says, and takes up another one", () => {
  expect(timeSlicingConfig(place, 4)).toEqual({
    metadata,
    data: {
      "config.yaml":
        "version: v1\nsharing:\n  timeSlicing:\n    resources:\n      - name: nvidia.com/gpu\n        replicas: 4\n",
    },
  });
  const plugin = { place, image, runtimeClass: "nvidia" };
  expect(devicePlugin({ ...plugin, sharedBy: 4 })).toMatchObject({
    spec: {
      template: {
        metadata: { annotations: { "updraft.dev/config": expect.stringMatching(/^sha256:/) } },
        spec: {
          runtimeClassName: "nvidia",
          containers: [
            {
              env: [{ name: "CONFIG_FILE", value: "/config/config.yaml" }, {}, {}, {}],
              volumeMounts: [{}, { name: "config", mountPath: "/config", readOnly: true }],
            },
          ],
          volumes: [{}, { name: "config", configMap: { name: "nvidia-device-plugin" } }],
        },
      },
    },
  });
  expect(devicePlugin({ ...plugin, sharedBy: 8 })).not.toEqual(
    devicePlugin({ ...plugin, sharedBy: 4 }),
  );
});

it("has a namespace of its own, where pods may see folders of their nodes and call nobody", () => {
  expect(devicePluginNamespace("dev", "updraft-dev-gpu")).toEqual({
    metadata: {
      name: "updraft-dev-gpu",
      labels: {
        ...labels,
        "pod-security.kubernetes.io/enforce": "privileged",
        "pod-security.kubernetes.io/audit": "privileged",
        "pod-security.kubernetes.io/warn": "privileged",
      },
    },
  });
  expect(devicePluginNetworkPolicy(place)).toEqual({
    metadata,
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [],
    },
  });
});

it("brings a RuntimeClass where the nodes' runtime has a handler for it", () => {
  expect(gpuRuntimeClass("dev", { name: "nvidia", handler: "nvidia" })).toEqual({
    metadata: {
      name: "nvidia",
      labels: { ...labels, "app.kubernetes.io/name": "nvidia" },
    },
    handler: "nvidia",
  });
});
