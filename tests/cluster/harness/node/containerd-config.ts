import { policyPlugin } from "../cni/install.ts";
import { addresses, networkNames } from "../addresses.ts";

/** Where one containerd has its things. */
export interface ContainerdPlaces {
  readonly root: string;
  readonly state: string;
  readonly socket: string;
  readonly cniPlugins: string;
  readonly cniConfigs: string;
  readonly registryConfigs: string;
  readonly pauseImage: string;
}

/** Kinds of storage that are not there or not wanted; each would only warn. */
const disabledPlugins = [
  ...["aufs", "btrfs", "devmapper", "zfs"].map((name) => `io.containerd.snapshotter.v1.${name}`),
  "io.containerd.internal.v1.opt",
  "io.containerd.internal.v1.tracing",
  "io.containerd.tracing.processor.v1.otlp",
];

/** The configuration of a containerd that is the runtime of one kubelet. */
export function containerdConfig(places: ContainerdPlaces): string {
  const cri = "io.containerd.grpc.v1.cri";
  return `version = 2
root = "${places.root}"
state = "${places.state}"
disabled_plugins = ${JSON.stringify(disabledPlugins)}
[grpc]
  address = "${places.socket}"
[plugins."${cri}"]
  sandbox_image = "${places.pauseImage}"
  # All mounts lie below the state folder, so that what is left of them can be found.
  netns_mounts_under_state_dir = true
  # Where root lacks CAP_SYS_RESOURCE, runc dies of a negative oom_score_adj.
  restrict_oom_score_adj = true
  disable_tcp_service = true
  stream_server_address = "127.0.0.1"
  [plugins."${cri}".cni]
    bin_dir = "${places.cniPlugins}"
    conf_dir = "${places.cniConfigs}"
  [plugins."${cri}".registry]
    config_path = "${places.registryConfigs}"
  [plugins."${cri}".containerd]
    snapshotter = "overlayfs"
  [plugins."${cri}".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."${cri}".containerd.runtimes.runc.options]
      SystemdCgroup = false
`;
}

/** Tells containerd that the cluster's registry speaks plain HTTP. */
export function registryConfig(registry: string): string {
  return `server = "http://${registry}"
[host."http://${registry}"]
  capabilities = ["pull", "resolve"]
`;
}

/**
 * The pods' network.
 * @param dataDir where the addresses given out are noted, for both nodes
 * @param announcements where the agent is told of new pods
 */
export function cniConfig(dataDir: string, announcements: string): string {
  const range = {
    subnet: addresses.pods,
    rangeStart: addresses.firstPod,
    rangeEnd: addresses.lastPod,
    gateway: addresses.podGateway,
  };
  const bridge = {
    type: "bridge",
    bridge: networkNames.podBridge,
    isGateway: true,
    ipMasq: false,
    hairpinMode: true,
    ipam: { type: "host-local", dataDir, ranges: [[range]], routes: [{ dst: "0.0.0.0/0" }] },
  };
  const portmap = { type: "portmap", capabilities: { portMappings: true } };
  const policies = { type: policyPlugin, announcements };
  return JSON.stringify({
    cniVersion: "0.4.0",
    name: "updraft",
    plugins: [bridge, portmap, policies],
  });
}
