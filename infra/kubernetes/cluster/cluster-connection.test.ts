import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { freePort } from "@updraft/contracts/free-port";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ClusterConnection } from "./cluster-connection.ts";

const kubeconfig = (server: string) =>
  JSON.stringify({
    "current-context": "made",
    contexts: [{ name: "made", context: { cluster: "made", user: "made" } }],
    clusters: [{ name: "made", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "made", user: { token: "a-token" } }],
  });

let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.headers.authorization === "Bearer a-token" ? 200 : 401;
    response.end(JSON.stringify({ gitVersion: "v1.36.3" }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("KUBECONFIG", "/no/kubeconfig");
});

afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

it("asks the cluster that another stack has made, whatever the ambient kubeconfig is", async () => {
  const cluster = await ClusterConnection.open({ kubeconfig: kubeconfig(address) });
  expect(await cluster.get("/version")).toEqual({
    status: 200,
    body: { gitVersion: "v1.36.3" },
  });
});

it("says that the stack's cluster is away", async () => {
  const away = `http://127.0.0.1:${await freePort()}`;
  const cluster = await ClusterConnection.open({ kubeconfig: kubeconfig(away) });
  await expect(cluster.get("/version")).rejects.toThrow(
    `updraft:kubernetes.clusterStack: the cluster of the context made at ${away} cannot be reached (ECONNREFUSED)`,
  );
});

it("shows nothing of a kubeconfig that cannot be read", async () => {
  const error = ClusterConnection.open({ kubeconfig: "token: [a-token" });
  await expect(error).rejects.toThrow(
    /^updraft:kubernetes\.clusterStack: the output kubeconfig of the stack is none that can be read; bring it up again$/,
  );
});
