import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { KubeConfig } from "@kubernetes/client-node";
import type { ClusterNode } from "../addresses.ts";
import { installPlugins } from "../cni/install.ts";
import { nodePaths, paths } from "../paths.ts";
import { kubeconfigOf } from "../pki/kubeconfig.ts";
import type { Daemon } from "../processes/supervisor.ts";
import { supervisor } from "../processes/supervisor.ts";
import { waitFor } from "../processes/wait-for.ts";
import { writeIfChanged } from "../processes/write-file.ts";
import { cniConfig, containerdConfig, registryConfig } from "./containerd-config.ts";
import { kubeletConfig } from "./kubelet-config.ts";

const cniPlugins = join(paths.configs, "cni-plugins");
const cniConfigs = join(paths.configs, "cni");
const registryConfigs = join(paths.configs, "registries");

/** What a node needs to know of the rest of the cluster. */
export interface NodeSettings {
  /** Folder of Kubernetes' programs. */
  readonly programs: string;
  readonly pauseImage: string;
  readonly kubeletHealthPort: number;
}

/** Writes what the containerds of all nodes read. */
export async function writeSharedConfigs(registry: string): Promise<void> {
  await installPlugins(cniPlugins);
  await writeIfChanged(
    join(cniConfigs, "10-updraft.conflist"),
    cniConfig(paths.podAddresses, paths.announcedPods),
  );
  await writeIfChanged(join(registryConfigs, registry, "hosts.toml"), registryConfig(registry));
}

/** Starts the containerd of a node; images and containers of each node are its own. */
export async function startContainerd(node: ClusterNode, settings: NodeSettings): Promise<void> {
  const { containerd, containerdState, containerdSocket } = nodePaths(node.name);
  const config = join(paths.configs, `containerd-${node.name}.toml`);
  const places = {
    root: containerd,
    state: containerdState,
    socket: containerdSocket,
    cniPlugins,
    cniConfigs,
    registryConfigs,
    pauseImage: settings.pauseImage,
  };
  await writeIfChanged(config, containerdConfig(places));
  await mkdir(containerdState, { recursive: true });
  const daemon = containerdOf(node, config);
  await supervisor.start(daemon);
  // It answers before it is ready for a kubelet, which would end itself.
  await waitFor(
    { what: `containerd of ${node.name}`, seconds: 30, daemon: daemon.name },
    async () =>
      (await readFile(supervisor.logOf(daemon.name), "utf8")).includes("Start streaming server"),
  );
}

/** Starts the kubelet of a node, also once more after it has ended. */
export async function startKubelet(node: ClusterNode, settings: NodeSettings): Promise<void> {
  const config = join(paths.configs, `kubelet-${node.name}.json`);
  await writeIfChanged(config, kubeletConfig(node, settings.kubeletHealthPort));
  await supervisor.start({
    name: kubeletName(node),
    command: join(settings.programs, "kubelet"),
    args: [
      `--config=${config}`,
      `--kubeconfig=${kubeconfigOf(`node-${node.name}`)}`,
      `--hostname-override=${node.name}`,
      `--node-ip=${node.address}`,
      `--root-dir=${nodePaths(node.name).kubelet}`,
      `--cert-dir=${join(paths.configs, `kubelet-${node.name}`)}`,
      "--v=2",
    ],
  });
}

/** Waits until the node is in the API and ready for pods, and gives it its GPUs. */
export async function nodeReady(
  config: KubeConfig,
  node: ClusterNode,
  settings: NodeSettings,
): Promise<void> {
  const api = config.makeApiClient(CoreV1Api);
  const { name, gpus } = node;
  await waitFor({ what: `node ${name} to be ready`, seconds: 90 }, async () => {
    // A kubelet that was too early for something ends itself.
    await startKubelet(node, settings);
    const { status } = await api.readNode({ name });
    return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
  });
  if (gpus > 0) await reportGpus(api, name, gpus);
}

/** As a device plugin would report them; a kubelet leaves such a resource as it is. */
async function reportGpus(api: CoreV1Api, name: string, count: number): Promise<void> {
  const gpus = { "nvidia.com/gpu": String(count) };
  const body = { status: { capacity: gpus, allocatable: gpus } };
  const asPatch = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
  await api.patchNodeStatus({ name, body }, asPatch);
}

/** Under this name the kubelet of a node runs. */
export function kubeletName({ name }: ClusterNode): string {
  return `kubelet-${name}`;
}

/** Under this name the containerd of a node runs. */
export function containerdName({ name }: ClusterNode): string {
  return `containerd-${name}`;
}

function containerdOf(node: ClusterNode, config: string): Daemon {
  return { name: containerdName(node), command: "containerd", args: ["--config", config] };
}

/** Removes what pods have left in the folders of a node; its images stay. */
export async function removeNodeFiles({ name }: ClusterNode): Promise<void> {
  const { kubelet, podLogs } = nodePaths(name);
  for (const folder of [kubelet, podLogs]) await rm(folder, { recursive: true, force: true });
}
