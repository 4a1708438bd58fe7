import { addresses, nodes } from "../addresses.ts";

/** What a certificate of the cluster is for. */
export interface CertificateRequest {
  /** Name of its files. */
  readonly name: string;
  /** As openssl takes it, `/O=group/CN=user`: Kubernetes reads user and groups from it. */
  readonly subject: string;
  readonly usage: "serverAuth" | "clientAuth";
  /** Names and addresses of a server, as openssl takes them. */
  readonly alternatives?: readonly string[];
  readonly authority: "ca" | "front-proxy-ca";
}

/** Authorities of the cluster: its own, and the one for what comes through the apiserver's proxy. */
export const authorities = ["ca", "front-proxy-ca"] as const;

const client = (name: string, subject: string): CertificateRequest => ({
  name,
  subject,
  usage: "clientAuth",
  authority: "ca",
});

/** Every certificate of the cluster. */
export function certificateRequests(): CertificateRequest[] {
  const service = "kubernetes.default.svc";
  const names = [
    "localhost",
    "kubernetes",
    "kubernetes.default",
    service,
    `${service}.cluster.local`,
  ];
  const ips = [addresses.apiserver, addresses.kubernetesService, "127.0.0.1"];
  return [
    {
      name: "apiserver",
      subject: "/CN=kube-apiserver",
      usage: "serverAuth",
      alternatives: [...names.map((name) => `DNS:${name}`), ...ips.map((ip) => `IP:${ip}`)],
      authority: "ca",
    },
    client("kubelet-client", "/O=system:masters/CN=kube-apiserver-kubelet-client"),
    client("admin", "/O=system:masters/CN=admin"),
    client("controller-manager", "/CN=system:kube-controller-manager"),
    client("scheduler", "/CN=system:kube-scheduler"),
    client("proxy", "/CN=system:kube-proxy"),
    { ...client("front-proxy", "/CN=front-proxy-client"), authority: "front-proxy-ca" },
    ...nodes.flatMap(({ name, address }): CertificateRequest[] => [
      client(`node-${name}`, `/O=system:nodes/CN=system:node:${name}`),
      {
        name: `kubelet-${name}`,
        subject: `/CN=${name}`,
        usage: "serverAuth",
        alternatives: [`DNS:${name}`, `IP:${address}`],
        authority: "ca",
      },
    ]),
  ];
}

/** The extensions of a certificate, as a file for openssl. */
export function extensionsOf({ usage, alternatives }: CertificateRequest): string {
  return [
    "basicConstraints=CA:FALSE",
    "keyUsage=digitalSignature",
    `extendedKeyUsage=${usage}`,
    ...(alternatives ? [`subjectAltName=${alternatives.join(",")}`] : []),
    "",
  ].join("\n");
}
