import { fileURLToPath } from "node:url";
import { clusterPrograms } from "../../../toolchain/cluster-programs.js";
import { currentContext } from "../../../toolchain/setup.js";
import { addonsReady, createAddons } from "./addons/start-addons.ts";
import type { ClusterNode } from "./addresses.ts";
import { nodes } from "./addresses.ts";
import type { ClusterFacts } from "./cluster-facts.ts";
import { proxy, proxyConfig, proxyConfigFile } from "./control-plane/proxy.ts";
import { startControlPlane } from "./control-plane/start-control-plane.ts";
import { makeCgroups } from "./machine/cgroups.ts";
import { makeNetwork } from "./machine/network.ts";
import { choosePorts } from "./machine/ports.ts";
import type { Ports } from "./machine/ports.ts";
import { setSysctls } from "./machine/sysctls.ts";
import { nodeReady, startContainerd, startKubelet, writeSharedConfigs } from "./node/node.ts";
import { paths } from "./paths.ts";
import { ensureCertificates } from "./pki/authority.ts";
import { writeKubeconfigs } from "./pki/kubeconfig.ts";
import { supervisor } from "./processes/supervisor.ts";
import { writeIfChanged } from "./processes/write-file.ts";
import { dockerHost } from "./registry/docker.ts";
import { startImages } from "./registry/start-images.ts";
import { say } from "./report.ts";

/** Starts everything, on a machine where nothing of it runs. */
export async function startCluster(): Promise<ClusterFacts> {
  const programs = await clusterPrograms(currentContext());
  const ports = await choosePorts(nodes.map(({ name }) => name));
  const registry = `127.0.0.1:${ports.registry}`;
  await prepareMachine();
  say("certificates and network");
  const [config, images] = await Promise.all([
    startControlPlane(programs.kubernetes, ports),
    startImages(programs, registry),
  ]);
  say("control plane and images");
  const image = (name: string) => images[name]?.byDigest ?? "";
  const settingsOf = ({ name }: ClusterNode) => ({
    programs: programs.kubernetes,
    // By its tag: the kubelet compares names to keep this image from being removed.
    pauseImage: images["pause"]?.tagged ?? "",
    kubeletHealthPort: ports.kubeletHealth[name] ?? 0,
  });
  await writeSharedConfigs(registry);
  await Promise.all(nodes.map((node) => startContainerd(node, settingsOf(node))));
  await Promise.all(nodes.map((node) => startKubelet(node, settingsOf(node))));
  await startNetwork(programs.kubernetes, ports);
  const addonImages = { coredns: image("coredns"), metricsServer: image("metrics-server") };
  await createAddons(config, addonImages, nodes[0]?.name ?? "");
  await Promise.all(nodes.map((node) => nodeReady(config, node, settingsOf(node))));
  say("nodes");
  await addonsReady(config);
  say("names and metrics");
  for (const { name } of await supervisor.list()) await supervisor.checkRunning(name);
  return {
    kubeconfig: paths.kubeconfig,
    registry,
    dockerHost,
    images: { node: image("node"), minio: image("minio"), postgres: image("postgres") },
  };
}

async function prepareMachine(): Promise<void> {
  await ensureCertificates();
  await writeKubeconfigs();
  await makeCgroups();
  await makeNetwork();
  await setSysctls();
}

/** What makes services and network policies of the rules of this machine. */
async function startNetwork(programs: string, ports: Ports): Promise<void> {
  await writeIfChanged(proxyConfigFile, proxyConfig(ports.proxyHealth, ports.proxyMetrics));
  await supervisor.start(proxy(programs));
  const agent = fileURLToPath(new URL("agent/main.ts", import.meta.url));
  await supervisor.start({ name: "agent", command: process.execPath, args: [agent] });
}
