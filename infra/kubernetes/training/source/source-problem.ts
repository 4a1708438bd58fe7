import { z } from "zod";
import type { Answer } from "../../cluster/cluster-connection.ts";
import { stackLabel } from "../../labels.ts";
import type { ServiceAddress } from "./source-address.ts";

/** What the API server answers, each answer as it came: not everybody may look at everything. */
export interface SourceInCluster {
  /** The namespace of the package's store. */
  readonly there: Answer;
  /** The policy of that store. */
  readonly policy: Answer;
  /** The namespace of the stack that promotes, which its first update makes. */
  readonly own: Answer;
}

/** A package's store, seen from the stack that promotes. */
export interface SourceSeen {
  /** The stack that promotes. */
  readonly stack: string;
  /** Its namespace. */
  readonly namespace: string;
  /** The stack that is promoted from. */
  readonly source: string;
  /** What is called to fetch the package. */
  readonly address: string | undefined;
  /** The same, where it is a Service of a cluster. */
  readonly service: ServiceAddress | undefined;
  /** Whether that one is the MinIO of a stack. */
  readonly isStackStore: boolean;
  readonly inCluster: SourceInCluster | undefined;
}

/** Why no pod of a stack would reach the store of another one, as far as that can be seen. */
export function sourceProblem(seen: SourceSeen): string | undefined {
  const { source, address, service, inCluster } = seen;
  if (address === undefined) {
    return `${source} does not say how its packages are reached; bring ${source} up with this version of the program`;
  }
  if (isThisMachine(address)) {
    return `the packages of ${source} are at ${address}, which no pod reaches; give ${source} a store that both reach`;
  }
  if (service === undefined || inCluster === undefined) return undefined;
  if (inCluster.there.status === 404) {
    return `the packages of ${source} are at ${address}, and this cluster has no namespace ${service.namespace}: only pods of another cluster reach them; give ${source} a store that both reach (updraft:store.s3)`;
  }
  return seen.isStackStore ? readerProblem(seen, inCluster) : undefined;
}

const Policy = z.object({
  spec: z.object({
    ingress: z
      .array(
        z.object({
          from: z.array(z.object({ namespaceSelector: z.unknown().optional() })).nullish(),
        }),
      )
      .nullish(),
  }),
});
const Selector = z.object({ matchLabels: z.record(z.string(), z.string()).default({}) });
const Namespace = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
});

function readerProblem(
  { stack, source, namespace }: SourceSeen,
  { policy, own }: SourceInCluster,
): string | undefined {
  const seen = policy.status === 200 ? Policy.safeParse(policy.body).data : undefined;
  const peers = (seen?.spec.ingress ?? []).flatMap(({ from }) => from ?? []);
  const readers = peers.flatMap(({ namespaceSelector }) => {
    const reader = Selector.safeParse(namespaceSelector).data?.matchLabels[stackLabel];
    return reader === undefined ? [] : [reader];
  });
  if (seen !== undefined && !readers.includes(stack)) {
    return `the store of ${source} lets in no trainer of ${stack}; add ${stack} to updraft:store.readers of ${source}, and bring ${source} up first`;
  }
  const labels =
    own.status === 200 ? Namespace.safeParse(own.body).data?.metadata.labels : undefined;
  if (labels === undefined || labels[stackLabel] === stack) return undefined;
  return `the store of ${source} knows a reader by the label of its namespace, and ${namespace} has none of ${stack}: kubectl label namespace ${namespace} ${stackLabel}=${stack}`;
}

function isThisMachine(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
