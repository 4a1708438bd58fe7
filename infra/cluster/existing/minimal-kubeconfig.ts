import { readFile } from "node:fs/promises";
import type { Cluster, Context, User } from "@kubernetes/client-node";
import { stringify } from "yaml";

/** The parts of a kubeconfig that one context is made of. */
export interface ContextParts {
  readonly context: Context;
  readonly cluster: Cluster;
  readonly user: User;
}

/**
 * A kubeconfig with one context, which needs no file beside it: certificates and keys are in it.
 * What a program has to be asked for stays with that program.
 * @throws if a file that it names cannot be read
 */
export async function minimalKubeconfig({ context, cluster, user }: ContextParts): Promise<string> {
  const { name, namespace } = context;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: given({ cluster: name, user: name, namespace }) }],
    clusters: [{ name, cluster: await embeddedCluster(cluster) }],
    users: [{ name, user: await embeddedUser(user) }],
  });
}

async function embeddedCluster(cluster: Cluster): Promise<Record<string, unknown>> {
  return given({
    server: cluster.server,
    "certificate-authority-data": await embedded(cluster.caData, cluster.caFile),
    "insecure-skip-tls-verify": cluster.skipTLSVerify || undefined,
    "tls-server-name": cluster.tlsServerName,
    "proxy-url": cluster.proxyUrl,
  });
}

async function embeddedUser(user: User): Promise<Record<string, unknown>> {
  return given({
    "client-certificate-data": await embedded(user.certData, user.certFile),
    "client-key-data": await embedded(user.keyData, user.keyFile),
    token: user.token,
    username: user.username,
    password: user.password,
    as: user.impersonateUser,
    exec: user.exec,
    "auth-provider": user.authProvider,
  });
}

async function embedded(
  data: string | undefined,
  file: string | undefined,
): Promise<string | undefined> {
  if (data !== undefined) return data;
  return file === undefined ? undefined : (await readFile(file)).toString("base64");
}

/** Without what is undefined. */
function given(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
