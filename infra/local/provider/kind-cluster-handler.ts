import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { createKind, type Kind } from "./kind.ts";
import type { Properties } from "./property-values.ts";
import type { OperationContext, ResourceHandler } from "./resource-handler.ts";

/** Inputs of `updraft:local:KindCluster`. */
const KindInputs = z.object({ clusterName: z.string(), config: z.string() });

/** How long the control plane may take until it answers. */
const readySeconds = 180;

/**
 * A cluster of kind, in containers of this machine. Its kubeconfig is an output and is not written
 * into anybody's `~/.kube/config`.
 */
export function kindClusterHandler(kind: Kind = createKind()): ResourceHandler {
  return {
    async difference(state, inputs) {
      const changed = ["clusterName", "config"].some((key) => state[key] !== inputs[key]);
      return changed ? "replace" : "same";
    },

    async create(inputs, context) {
      const cluster = KindInputs.parse(inputs);
      await kind.check();
      if ((await kind.clusters()).includes(cluster.clusterName)) {
        throw new Error(
          `there is a cluster of kind called ${cluster.clusterName} already, and it is not this stack's; set cluster:name to another name, or remove it: kind delete cluster --name ${cluster.clusterName}`,
        );
      }
      await createCluster(kind, cluster, context);
      return { id: cluster.clusterName, outs: await outputsOf(kind, cluster.clusterName) };
    },

    async read(state) {
      const { clusterName } = KindInputs.parse(state);
      await kind.check();
      if (!(await kind.clusters()).includes(clusterName)) return undefined;
      return outputsOf(kind, clusterName);
    },

    async delete(state) {
      const { clusterName } = KindInputs.parse(state);
      await kind.check();
      await kind.run(["delete", "cluster", "--name", clusterName]);
    },
  };
}

/** Makes a cluster, or nothing of one: what is half made would stand in the way of the next try. */
async function createCluster(
  kind: Kind,
  { clusterName, config }: z.infer<typeof KindInputs>,
  { signal, status }: OperationContext,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "updraft-kind-"));
  try {
    const [file, kubeconfig] = [join(folder, "kind.yaml"), join(folder, "kubeconfig")];
    await writeFile(file, config);
    const options = ["--config", file, "--kubeconfig", kubeconfig, "--wait", `${readySeconds}s`];
    const args = ["create", "cluster", "--name", clusterName, ...options];
    await kind.run(args, { signal, onLine: status });
  } catch (error) {
    await kind.run(["delete", "cluster", "--name", clusterName]).catch(() => undefined);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function outputsOf(kind: Kind, clusterName: string): Promise<Properties> {
  const kubeconfig = await kind.run(["get", "kubeconfig", "--name", clusterName]);
  return { kubeconfig, endpoint: await endpointOf(kubeconfig) };
}

const Kubeconfig = z.object({
  clusters: z.array(z.object({ cluster: z.object({ server: z.string() }) })).min(1),
});

/** Where the API server of a kubeconfig's first cluster is. */
export async function endpointOf(kubeconfig: string): Promise<string> {
  // Only here: the provider starts with every stack, and few have such a cluster.
  const { parse } = await import("yaml");
  return Kubeconfig.parse(parse(kubeconfig)).clusters[0]?.cluster.server ?? "";
}
