import { z } from "zod";
import { ClusterError } from "./report.ts";

const factsSchema = z.object({
  /** File of the kubeconfig. */
  kubeconfig: z.string(),
  /** Host and port of the registry, the same for builds and for nodes. */
  registry: z.string(),
  /** Where builds find dockerd, as `DOCKER_HOST` says it. */
  dockerHost: z.string(),
  /** Images in the registry, by digest, which stand in for those of the same name. */
  images: z.object({ node: z.string(), minio: z.string(), postgres: z.string() }),
});

/** What a cluster offers to tests. */
export type ClusterFacts = z.infer<typeof factsSchema>;

/** @param text as JSON */
export function parseFacts(text: string): ClusterFacts {
  return factsSchema.parse(JSON.parse(text));
}

/** The environment in which programs use the cluster. */
export function environmentOf(facts: ClusterFacts): Record<string, string> {
  return {
    KUBECONFIG: facts.kubeconfig,
    CLUSTER_REGISTRY: facts.registry,
    DOCKER_HOST: facts.dockerHost,
    CLUSTER_IMAGES: JSON.stringify(facts.images),
  };
}

/**
 * The cluster that the environment names: `KUBECONFIG` and `CLUSTER_REGISTRY`, and with them
 * `CLUSTER_IMAGES` and, if it is not docker's usual one, `DOCKER_HOST`.
 * @returns undefined if it names none
 * @throws {ClusterError} if it says only half of it
 */
export function factsOf(env: NodeJS.ProcessEnv): ClusterFacts | undefined {
  const { KUBECONFIG, CLUSTER_REGISTRY, DOCKER_HOST, CLUSTER_IMAGES } = env;
  if (!KUBECONFIG || !CLUSTER_REGISTRY) return undefined;
  const images: Record<string, unknown> = JSON.parse(CLUSTER_IMAGES || "{}");
  const missing = Object.keys(factsSchema.shape.images.shape).filter((name) => !images[name]);
  if (missing.length > 0) {
    throw new ClusterError(
      `CLUSTER_IMAGES has no ${missing.join(", ")}; with KUBECONFIG and CLUSTER_REGISTRY it names ` +
        'the images of the cluster by digest, as JSON: {"node": "…@sha256:…", …}.',
    );
  }
  return factsSchema.parse({
    kubeconfig: KUBECONFIG,
    registry: CLUSTER_REGISTRY,
    dockerHost: DOCKER_HOST ?? "unix:///var/run/docker.sock",
    images,
  });
}
