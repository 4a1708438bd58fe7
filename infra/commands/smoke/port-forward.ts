import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { messageOf } from "@updraft/contracts/message-of";
import { jsonIn } from "@updraft/contracts/mlflow-answer";
import { z } from "zod";
import type { ClusterAccess } from "../../kubernetes/cluster/cluster-connection.ts";
import type { ClusterService } from "./cluster-address.ts";

/** A port of this machine that leads to a pod, for as long as it is open. */
export interface PortForward {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What the cluster has said against a connection, the last one last. */
  readonly problems: readonly string[];
  close(): void;
}

/**
 * Leads to a ready pod of a Service, as `kubectl port-forward` does: from inside the pod, so that no
 * NetworkPolicy has to let this machine in. Each connection asks the cluster anew.
 * @param podPort port of the pod
 */
export async function portForward(
  { namespace, service }: ClusterService,
  podPort: number,
  access: ClusterAccess,
): Promise<PortForward> {
  // Only here: most stacks need no client, and loading it takes longer than asking them.
  const kubernetes = await import("@kubernetes/client-node");
  const config = new kubernetes.KubeConfig();
  if (access.kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromString(access.kubeconfig);
  if (access.context !== undefined) config.setCurrentContext(access.context);
  const forward = new kubernetes.PortForward(config);
  const sockets = new Set<Socket>();
  const problems: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
    const lead = async () => {
      const way = await forward.portForwardService(
        namespace,
        service,
        [podPort],
        socket,
        null,
        socket,
      );
      if (typeof way !== "function") way.addEventListener("close", () => socket.end());
    };
    lead().catch((error: unknown) => {
      const isAnswer = error instanceof kubernetes.ApiException;
      const reason = isAnswer ? answerOf(error) : messageOf(error);
      problems.push(`no port-forward to ${service} in ${namespace}: ${reason}`);
      socket.destroy();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    problems,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const StatusBody = z.object({ message: z.string() });

/** What the API server has said; its client's own text is the whole answer with all its headers. */
function answerOf({ code, body }: { readonly code: number; readonly body: unknown }): string {
  const status = StatusBody.safeParse(typeof body === "string" ? jsonIn(body) : body);
  return status.success ? status.data.message : `the API server answers ${code}`;
}
