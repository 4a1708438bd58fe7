import { join } from "node:path";
import { cacheFolder } from "../../../toolchain/parts.js";

const cache = cacheFolder(process.env);
const state = join(cache, "cluster");
/** One for the machine: the addresses exist once, whoever starts the cluster. */
const run = "/run/updraft-cluster";

/** Where the test cluster keeps its files. */
export const paths = {
  cache,
  /** What outlives `down`: certificates, images, the registry's data. */
  state,
  logs: join(state, "logs"),
  pki: join(state, "pki"),
  kubeconfig: join(state, "admin.conf"),
  configs: join(state, "configs"),
  ports: join(state, "ports.json"),
  images: join(state, "images"),
  registry: join(state, "registry"),
  docker: join(state, "docker"),
  volumes: join(state, "volumes"),
  /** What ends with `down`: sockets, process ids, container state. */
  run,
  processes: join(run, "processes"),
  dockerSocket: join(run, "docker.sock"),
  podAddresses: join(run, "pod-addresses"),
  announcedPods: join(run, "announced-pods"),
  /** Written last by `up`: what the cluster offers, as JSON. */
  isUp: join(run, "up.json"),
  /** Names the state folder of whoever started the cluster. */
  owner: join(run, "owner"),
  savedSysctls: join(run, "sysctls.json"),
  lock: join(cache, "locks", "cluster.lock"),
  /** In memory: etcd waits for the disk at every write. */
  etcd: "/dev/shm/updraft-cluster-etcd",
} as const;

/** A key or certificate. @param name of the file, like `ca.crt` */
export function pkiFile(name: string): string {
  return join(paths.pki, name);
}

/** Folders of one node. @param name of the node */
export function nodePaths(name: string) {
  return {
    containerd: join(state, name, "containerd"),
    containerdState: join(run, name, "containerd"),
    containerdSocket: join(run, name, "containerd.sock"),
    kubelet: join(state, name, "kubelet"),
    podLogs: join(paths.logs, `pods-${name}`),
  };
}
