import { join } from "node:path";
import { pkiFile } from "../paths.ts";
import { kubeconfigOf } from "../pki/kubeconfig.ts";
import type { Daemon } from "../processes/supervisor.ts";
import { flags } from "./flags.ts";

/** @param folder of Kubernetes' programs */
export function controllerManager(folder: string, port: number): Daemon {
  return {
    name: "kube-controller-manager",
    command: join(folder, "kube-controller-manager"),
    args: flags({
      ...component("controller-manager", port),
      "use-service-account-credentials": true,
      "root-ca-file": pkiFile("ca.crt"),
      "service-account-private-key-file": pkiFile("sa.key"),
      "cluster-signing-cert-file": pkiFile("ca.crt"),
      "cluster-signing-key-file": pkiFile("ca.key"),
      "requestheader-client-ca-file": pkiFile("front-proxy-ca.crt"),
      "allocate-node-cidrs": false,
      // Minutes by default: a test that scales would wait for little else.
      "horizontal-pod-autoscaler-sync-period": "5s",
      "horizontal-pod-autoscaler-downscale-stabilization": "10s",
      "horizontal-pod-autoscaler-initial-readiness-delay": "5s",
      "horizontal-pod-autoscaler-cpu-initialization-period": "10s",
    }),
  };
}

/** @param folder of Kubernetes' programs */
export function scheduler(folder: string, port: number): Daemon {
  return {
    name: "kube-scheduler",
    command: join(folder, "kube-scheduler"),
    args: flags(component("scheduler", port)),
  };
}

/** There is one of each: an election of the leader would only take time. */
function component(user: string, port: number): Record<string, string | number | boolean> {
  const kubeconfig = kubeconfigOf(user);
  return {
    kubeconfig,
    "authentication-kubeconfig": kubeconfig,
    "authorization-kubeconfig": kubeconfig,
    "bind-address": "127.0.0.1",
    "secure-port": port,
    "leader-elect": false,
    v: 1,
  };
}
