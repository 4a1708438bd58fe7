import { join } from "node:path";
import { addresses } from "../addresses.ts";
import { pkiFile } from "../paths.ts";
import type { Daemon } from "../processes/supervisor.ts";
import { flags } from "./flags.ts";

/**
 * The apiserver, with the authorisation of a real cluster: RBAC, and kubelets see only what is
 * theirs.
 * @param folder of Kubernetes' programs
 */
export function apiserver(folder: string, etcdPort: number): Daemon {
  return {
    name: "kube-apiserver",
    command: join(folder, "kube-apiserver"),
    args: flags({
      "etcd-servers": `http://127.0.0.1:${etcdPort}`,
      "bind-address": addresses.apiserver,
      "advertise-address": addresses.apiserver,
      "secure-port": addresses.apiserverPort,
      "service-cluster-ip-range": addresses.services,
      "authorization-mode": "Node,RBAC",
      "enable-admission-plugins": "NodeRestriction",
      "allow-privileged": true,
      "client-ca-file": pkiFile("ca.crt"),
      "tls-cert-file": pkiFile("apiserver.crt"),
      "tls-private-key-file": pkiFile("apiserver.key"),
      "kubelet-client-certificate": pkiFile("kubelet-client.crt"),
      "kubelet-client-key": pkiFile("kubelet-client.key"),
      "kubelet-certificate-authority": pkiFile("ca.crt"),
      "kubelet-preferred-address-types": "InternalIP",
      "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
      "service-account-key-file": pkiFile("sa.pub"),
      "service-account-signing-key-file": pkiFile("sa.key"),
      ...aggregation(),
      v: 1,
    }),
  };
}

/** For APIs that pods serve, which is how metrics come. */
function aggregation(): Record<string, string | boolean> {
  return {
    "enable-aggregator-routing": true,
    "requestheader-client-ca-file": pkiFile("front-proxy-ca.crt"),
    "requestheader-allowed-names": "front-proxy-client",
    "requestheader-username-headers": "X-Remote-User",
    "requestheader-group-headers": "X-Remote-Group",
    "requestheader-extra-headers-prefix": "X-Remote-Extra-",
    "proxy-client-cert-file": pkiFile("front-proxy.crt"),
    "proxy-client-key-file": pkiFile("front-proxy.key"),
  };
}
