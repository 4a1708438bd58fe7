import { stringify } from "yaml";

/** Who calls the API server: with a certificate, a token, or what a program says each time. */
export type KubeUser = Readonly<Record<string, unknown>>;

/** What a kubeconfig with one context is made of. */
export interface KubeconfigParts {
  /** Of the context, its cluster and its user. */
  readonly name: string;
  /** `https://host:port` */
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
  readonly user: KubeUser;
}

/** A kubeconfig with one context, as YAML. */
export function kubeconfig({
  name,
  endpoint,
  certificateAuthority,
  user,
}: KubeconfigParts): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: { server: endpoint, "certificate-authority-data": certificateAuthority },
      },
    ],
    users: [{ name, user }],
  });
}

/** A user whose token a program gets; it has to be there wherever the kubeconfig is used. */
export function execUser(
  command: string,
  args: readonly string[],
  options: { readonly installHint: string; readonly provideClusterInfo?: boolean },
): KubeUser {
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command,
      args: [...args],
      interactiveMode: "Never",
      provideClusterInfo: options.provideClusterInfo ?? false,
      installHint: options.installHint,
    },
  };
}
