/** Addresses of the test cluster. They are its own: nothing outside this machine routes them. */
export const addresses = {
  /** Node addresses lie on a bridge of their own; the control plane shares that of the first node. */
  nodes: "10.245.0.0/24",
  apiserver: "10.245.0.1",
  apiserverPort: 6443,
  pods: "10.244.0.0/16",
  podGateway: "10.244.0.1",
  /** Pods get addresses from here on; the gateway lies before it. */
  firstPod: "10.244.1.1",
  lastPod: "10.244.9.250",
  services: "10.96.0.0/16",
  /** The service `kubernetes` always takes the first of the range. */
  kubernetesService: "10.96.0.1",
  dns: "10.96.0.10",
} as const;

/** A node of the cluster: a kubelet with a containerd. */
export interface ClusterNode {
  readonly name: string;
  readonly address: string;
  /** How many of `nvidia.com/gpu` the node reports. */
  readonly gpus: number;
}

/** The nodes, the one with GPUs last. Both report the whole machine as their capacity. */
export const nodes: readonly ClusterNode[] = [
  { name: "node-1", address: "10.245.0.1", gpus: 0 },
  { name: "gpu-1", address: "10.245.0.2", gpus: 4 },
];

/** The network interfaces and iptables chains that the cluster makes, and removes again. */
export const networkNames = {
  nodeBridge: "updraft-nodes",
  podBridge: "updraft-pods",
  chain: "UPDRAFT",
  policyChain: "UPDRAFT-NP",
  /** Beginning of the chain of each pod that a network policy selects. */
  podChain: "UDNP-",
} as const;
