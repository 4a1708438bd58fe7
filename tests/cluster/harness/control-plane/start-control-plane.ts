import { rm } from "node:fs/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { Health } from "@kubernetes/client-node";
import type { Ports } from "../machine/ports.ts";
import { paths } from "../paths.ts";
import { supervisor } from "../processes/supervisor.ts";
import { waitFor } from "../processes/wait-for.ts";
import { apiserver } from "./apiserver.ts";
import { adminConfig } from "./client.ts";
import { controllerManager, scheduler } from "./controllers.ts";
import { etcd } from "./etcd.ts";

/** Starts what decides in the cluster. @param programs folder of Kubernetes' programs */
export async function startControlPlane(programs: string, ports: Ports): Promise<KubeConfig> {
  await rm(paths.etcd, { recursive: true, force: true });
  await supervisor.start(etcd(ports.etcd, ports.etcdPeer));
  const server = apiserver(programs, ports.etcd);
  await supervisor.start(server);
  const config = adminConfig();
  const wait = { what: "the apiserver", seconds: 90, daemon: server.name };
  await waitFor(wait, () => isApiReady(config));
  await supervisor.start(controllerManager(programs, ports.controllerManager));
  await supervisor.start(scheduler(programs, ports.scheduler));
  return config;
}

/** Whether the apiserver answers, and everything behind it. */
export function isApiReady(config: KubeConfig): Promise<boolean> {
  return new Health(config).readyz({ signal: AbortSignal.timeout(5000) });
}
