import { stringify } from "yaml";
import type { KindConfig } from "../config/cluster-config.ts";

/** What kind makes a cluster from. @see https://kind.sigs.k8s.io/docs/user/configuration/ */
export function kindConfig({
  image,
  workers,
  ports,
}: Pick<KindConfig, "image" | "workers" | "ports">): string {
  const node = image === undefined ? {} : { image };
  const mappings = ports.map((port) => ({
    containerPort: port,
    hostPort: port,
    listenAddress: "127.0.0.1",
  }));
  return stringify({
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    nodes: [
      // Every node listens at the ports of Services, this one among them.
      {
        role: "control-plane",
        ...node,
        ...(mappings.length === 0 ? {} : { extraPortMappings: mappings }),
      },
      ...Array.from({ length: workers }, () => ({ role: "worker", ...node })),
    ],
  });
}
