import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { run } from "../../../toolchain/run.js";
import { nodes } from "./addresses.ts";
import { removeCgroups } from "./machine/cgroups.ts";
import { unmountBelow } from "./machine/mounts.ts";
import { removeNetwork } from "./machine/network.ts";
import { restoreSysctls } from "./machine/sysctls.ts";
import { containerdName, removeNodeFiles } from "./node/node.ts";
import { nodePaths, paths } from "./paths.ts";
import { supervisor } from "./processes/supervisor.ts";

/**
 * Stops every process of the cluster and takes back what it changed on this machine, also what a
 * start or stop that was killed has left. Images, certificates and the registry's data stay.
 */
export async function stopCluster(): Promise<void> {
  const controlPlane = ["kube-apiserver", "etcd"];
  const containerds = nodes.map(containerdName);
  const later = new Set([...controlPlane, ...containerds]);
  const names = (await supervisor.list()).map(({ name }) => name);
  await supervisor.stop(names.filter((name) => !later.has(name)));
  for (const node of nodes) {
    if (await supervisor.isRunning(containerdName(node))) await removeContainers(node.name);
  }
  // Its data goes anyway, and asked politely an apiserver waits for every open watch.
  await supervisor.stop(controlPlane, "SIGKILL");
  await supervisor.stop(containerds);
  await supervisor.killStragglers();
  await unmountBelow([paths.run, paths.state]);
  await removeNetwork();
  await restoreSysctls();
  await removeCgroups();
  for (const node of nodes) await removeNodeFiles(node);
  for (const folder of [paths.volumes, paths.etcd, paths.run]) {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ends the containers of a node, so that their keepers end and nothing stays mounted. */
async function removeContainers(node: string): Promise<void> {
  const { containerdSocket } = nodePaths(node);
  if (!existsSync(containerdSocket)) return;
  const ctr = (...args: string[]) =>
    run("timeout", ["20", "ctr", "-a", containerdSocket, "-n", "k8s.io", ...args]).catch(() => "");
  const listed = async (what: string) =>
    (await ctr(what, "ls", "-q")).split("\n").filter((id) => id !== "");
  const tasks = await listed("tasks");
  await Promise.all(tasks.map((task) => ctr("tasks", "rm", "--force", task)));
  const containers = await listed("containers");
  if (containers.length > 0) await ctr("containers", "rm", ...containers);
}
