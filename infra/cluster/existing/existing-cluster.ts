import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { messageOf } from "@updraft/contracts/message-of";
import type { KubeConfig } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../config/config-error.ts";
import { ClusterConnection, NoClusterError } from "../../kubernetes/cluster/cluster-connection.ts";
import type { Cluster } from "../cluster.ts";
import type { ExistingConfig } from "../config/cluster-config.ts";
import { type ContextParts, minimalKubeconfig } from "./minimal-kubeconfig.ts";

/**
 * A cluster that is there already, as the kubeconfig of whoever runs this reaches it. Nothing is
 * made; that it answers is found out each time.
 * @throws {ConfigError} if it does not
 */
export async function existingCluster(config: ExistingConfig): Promise<Cluster> {
  const parts = partsOf(await readKubeconfig(config.kubeconfig), config.context);
  const { name } = parts.context;
  const kubeconfig = await minimalKubeconfig(parts).catch((error: unknown) => {
    throw new ConfigError([
      `cluster:context: the credentials of the context ${name} cannot be read (${messageOf(error)}); repair the kubeconfig, or set another context`,
    ]);
  });
  await checkAnswer(name, parts.cluster.server, kubeconfig);
  return {
    name: pulumi.output(name),
    endpoint: pulumi.output(parts.cluster.server),
    kubeconfig: pulumi.secret(kubeconfig),
  };
}

async function readKubeconfig(file: string | undefined): Promise<KubeConfig> {
  const [key, files] = kubeconfigFiles(file);
  const missing = files.filter((each) => !existsSync(each));
  if (missing.length > 0) {
    throw new ConfigError([
      `${key}: ${missing.join(", ")} is not there; name the file of your cluster's kubeconfig`,
    ]);
  }
  try {
    // Only here, since it takes longer than everything else at the start.
    const { KubeConfig: Reader } = await import("@kubernetes/client-node");
    const config = new Reader();
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
    return config;
  } catch (error) {
    throw new ConfigError([
      `${key}: ${files.join(delimiter)} cannot be read (${messageOf(error)})`,
    ]);
  }
}

/** Which files are meant, and by what. */
function kubeconfigFiles(file: string | undefined): [key: string, files: string[]] {
  if (file !== undefined) return ["cluster:kubeconfig", [file]];
  const given = process.env["KUBECONFIG"]?.split(delimiter).filter((each) => each !== "") ?? [];
  return given.length > 0
    ? ["KUBECONFIG", given]
    : ["cluster:kubeconfig is not set", [join(homedir(), ".kube", "config")]];
}

function partsOf(config: KubeConfig, given: string | undefined): ContextParts {
  const name = given ?? config.getCurrentContext();
  const context = config.getContextObject(name);
  if (!context) {
    const known = config.getContexts().map((each) => each.name);
    const there = known.length === 0 ? "it has none" : `it has ${known.toSorted().join(", ")}`;
    throw new ConfigError([
      name
        ? `cluster:context: the kubeconfig has no context ${name}; ${there}`
        : `cluster:context: the kubeconfig names no current context; ${there}: set one of them`,
    ]);
  }
  const cluster = config.getCluster(context.cluster);
  const user = config.getUser(context.user);
  if (!cluster || !user) {
    const what = cluster ? `user ${context.user}` : `cluster ${context.cluster}`;
    throw new ConfigError([
      `cluster:context: the context ${name} names the ${what}, which is not in the kubeconfig; repair it, or set another context`,
    ]);
  }
  return { context, cluster, user };
}

/** Asks with what is given on, so that whoever takes it over can ask as well. */
async function checkAnswer(context: string, server: string, kubeconfig: string): Promise<void> {
  let status: number;
  try {
    const connection = await ClusterConnection.open({ kubeconfig });
    ({ status } = await connection.get("/version"));
  } catch (error) {
    if (!(error instanceof NoClusterError)) throw error;
    throw new ConfigError([
      `cluster:context: the cluster of the context ${context} at ${server} cannot be asked (${reasonOf(error.cause)}); start it or log in again, or set another context`,
    ]);
  }
  if (status === 200) return;
  throw new ConfigError([
    `cluster:context: the cluster of the context ${context} at ${server} does not let this user in (${status}); log in again, or set another context`,
  ]);
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "AbortError") return "no answer in time";
  return error instanceof Error && "code" in error ? String(error.code) : messageOf(error);
}
