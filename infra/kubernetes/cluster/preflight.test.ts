import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freePort } from "@updraft/contracts/free-port";
import { KubernetesConfig } from "../../config/config.ts";
import { ConfigError } from "../../config/config-error.ts";
import type { ClusterFacts } from "./cluster-facts.ts";
import { preflight } from "./preflight.ts";

const digest = `sha256:${"a".repeat(64)}`;
const images = {
  trainer: `registry.test/trainer@${digest}`,
  server: `registry.test/server@${digest}`,
  tracker: `registry.test/tracker@${digest}`,
};
const list = (...items: object[]) => ({ items });

/** What an API server answers, by path; everything else is an empty list. */
const answers: Record<string, object> = {
  "/version": { gitVersion: "v1.36.3" },
  "/apis": { groups: [{ versions: [{ groupVersion: "batch/v1" }] }] },
  "/apis/storage.k8s.io/v1/storageclasses": list({
    metadata: {
      name: "standard",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
  }),
  "/api/v1/nodes": list(
    { metadata: { name: "node-1" }, spec: {} },
    {
      metadata: { name: "gpu-1", labels: { pool: "gpu" } },
      spec: { taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }] },
    },
  ),
  "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices": list({
    endpoints: [{ addresses: ["10.0.0.2"] }, { addresses: ["10.0.0.1"] }],
    ports: [{ name: "https", port: 6443 }],
  }),
  "/apis/batch/v1/namespaces/updraft-dev/jobs": list(
    {
      metadata: {
        name: "training-a",
        labels: { "updraft.dev/spec": "1" },
        creationTimestamp: "2026-01-01T00:00:00Z",
      },
      status: { conditions: [{ type: "Complete", status: "True" }] },
    },
    {
      metadata: {
        name: "training-b",
        labels: { "updraft.dev/spec": "2" },
        creationTimestamp: "2026-01-02T00:00:00Z",
      },
      status: {},
    },
  ),
};

describe("the checks before an update of a stack in a cluster", () => {
  let folder: string;
  let server: Server;
  let asked: string[];
  let refused: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-preflight-"));
    asked = [];
    refused = [];
    server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://cluster");
      asked.push(`${request.method} ${url.pathname}`);
      if (request.headers.authorization !== "Bearer a-token") {
        return void response.writeHead(401).end("{}");
      }
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        if (request.method === "POST") {
          const { resource } = JSON.parse(body).spec.resourceAttributes;
          return response.end(JSON.stringify({ status: { allowed: !refused.includes(resource) } }));
        }
        if (url.pathname === "/api/v1/namespaces/updraft-dev") response.statusCode = 404;
        response.end(JSON.stringify(answers[url.pathname] ?? list()));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    vi.stubEnv("UPDRAFT_RENDER", "");
    vi.stubEnv("KUBECONFIG", await kubeconfig(addressOf(server), "a-token"));
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    server.close();
    await rm(folder, { recursive: true });
  });

  async function kubeconfig(address: string, token: string): Promise<string> {
    const file = join(folder, "kubeconfig");
    const content = {
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [{ name: "test", cluster: { server: address, "insecure-skip-tls-verify": true } }],
      users: [{ name: "test", user: { token } }],
    };
    await writeFile(file, JSON.stringify(content));
    return file;
  }

  it("find out what the components need to know", async () => {
    expect(await check({ gpu: { nodes: { selector: { pool: "gpu" } } } })).toEqual({
      isReachable: true,
      apiServer: { addresses: ["10.0.0.1", "10.0.0.2"], port: 6443 },
      gpuNodes: ["gpu-1"],
      nodeTaints: {
        "gpu-1": [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
      },
      runs: [
        { name: "training-a", spec: "1", state: "complete", createdAt: "2026-01-01T00:00:00Z" },
        { name: "training-b", spec: "2", state: "unfinished", createdAt: "2026-01-02T00:00:00Z" },
      ],
    });
  });

  it("ask nobody where manifests are only rendered", async () => {
    vi.stubEnv("UPDRAFT_RENDER", "true");
    vi.stubEnv("KUBECONFIG", "/nowhere");
    expect((await check()).isReachable).toBe(false);
    expect(asked).toEqual([]);
  });

  it("name a kubeconfig that is not there", async () => {
    vi.stubEnv("KUBECONFIG", "/nowhere/config");
    expect(await problems()).toBe(
      "the configuration has a problem:\n  - KUBECONFIG is /nowhere/config, and /nowhere/config is not there; set it to the file of your cluster",
    );
  });

  it("say that there is no kubeconfig at all", async () => {
    vi.stubEnv("KUBECONFIG", "");
    vi.stubEnv("HOME", folder);
    vi.stubEnv("KUBERNETES_SERVICE_HOST", undefined);
    expect(await problems()).toContain("there is no kubeconfig: KUBECONFIG is not set and");
  });

  it("name the contexts that there are", async () => {
    expect(await problems({ kubernetes: { context: "prod" } })).toContain(
      "updraft:kubernetes.context: the kubeconfig has no context prod; it has test",
    );
  });

  it("name the address of a cluster that does not answer", async () => {
    const address = `http://127.0.0.1:${await freePort()}`;
    vi.stubEnv("KUBECONFIG", await kubeconfig(address, "a-token"));
    expect(await problems()).toContain(
      `updraft:kubernetes.context: the cluster of the context test at ${address} cannot be reached (ECONNREFUSED)`,
    );
  });

  it("say that a cluster refuses the user", async () => {
    vi.stubEnv("KUBECONFIG", await kubeconfig(addressOf(server), "another"));
    expect(await problems()).toContain("does not let this user in");
  });

  it("list every problem at once, of the cluster, of Docker and of a tracker", async () => {
    refused = ["jobs"];
    vi.stubEnv("DOCKER_HOST", `unix://${folder}/docker.sock`);
    const text = await problems({
      images: { registry: "registry.test" },
      store: { storageClass: "fast" },
      tracker: { uri: `${addressOf(server)}/mlflow` },
      trackerToken: "another-token-of-16",
    });
    expect(text.split("\n")).toEqual([
      "the configuration has 4 problems:",
      "  - updraft:kubernetes.context: this user may not create jobs.batch in the namespace updraft-dev; have the right given, or set the context of another user",
      "  - updraft:store.storageClass: the cluster has no StorageClass fast; it has standard",
      `  - updraft:images.registry: images are to be built, and no Docker answers at unix://${folder}/docker.sock (ENOENT); start it, set DOCKER_HOST, or name each image by its digest`,
      expect.stringContaining("refuses the credentials (401)"),
    ]);
  });
});

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function check(chapters: object = {}): Promise<ClusterFacts> {
  return preflight("dev", KubernetesConfig.parse({ target: "kubernetes", images, ...chapters }));
}

async function problems(chapters: object = {}): Promise<string> {
  const error: unknown = await check(chapters).catch((caught: unknown) => caught);
  if (error instanceof ConfigError) return error.message;
  throw new Error("nothing was found", { cause: error });
}
