import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endpointOf, kindClusterHandler } from "./kind-cluster-handler.ts";
import { createKind } from "./kind.ts";
import type { OperationContext } from "./resource-handler.ts";

const inputs = { clusterName: "updraft-gpu", config: "kind: Cluster\n" };
const kubeconfig = "clusters:\n  - name: a\n    cluster:\n      server: https://127.0.0.1:6443\n";

/** A program that behaves as kind does towards its caller: clusters are files of a folder. */
const standIn = `#!/bin/sh
cd "$(dirname "$0")"
case "$1 $2" in
  "version ") echo "kind v0.30.0" ;;
  "get clusters") ls clusters 2>/dev/null; [ -d clusters ] || echo "No kind clusters found." >&2 ;;
  "get kubeconfig") cat "clusters/$4" ;;
  "create cluster")
    cp "$6" received
    echo " Preparing nodes" >&2
    mkdir -p clusters
    printf '${kubeconfig.replaceAll("\n", "\\n")}' > "clusters/$4"
    [ ! -e broken ] || { echo "ERROR: failed to create cluster: no space left" >&2; exit 1; }
    ;;
  "delete cluster") rm -f "clusters/$4" ;;
  *) echo "unknown: $*" >&2; exit 2 ;;
esac
`;

describe("the resource of a cluster of kind", () => {
  let folder: string;
  let statuses: string[];
  let context: OperationContext;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-kind-test-"));
    await program("kind", standIn);
    await program("docker", "#!/bin/sh\necho 28.0.0\n");
    statuses = [];
    context = {
      urn: "urn:pulumi:gpu::updraft-cluster::updraft:local:KindCluster::cluster",
      signal: new AbortController().signal,
      info: () => undefined,
      status: (message) => statuses.push(message),
    };
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function program(name: string, text: string): Promise<void> {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }

  const handler = ({ kind = "kind", docker = "docker" } = {}) =>
    kindClusterHandler(createKind({ kind: join(folder, kind), docker: join(folder, docker) }));

  it("is made from its configuration, tells how it is reached, and goes again", async () => {
    expect(await handler().create(inputs, context)).toEqual({
      id: "updraft-gpu",
      outs: { kubeconfig, endpoint: "https://127.0.0.1:6443" },
    });
    expect(await readFile(join(folder, "received"), "utf8")).toBe(inputs.config);
    expect(statuses).toEqual(["Preparing nodes"]);
    expect(await handler().read?.(inputs)).toEqual({
      kubeconfig,
      endpoint: "https://127.0.0.1:6443",
    });
    await handler().delete(inputs);
    expect(await handler().read?.(inputs)).toBeUndefined();
  });

  it("leaves nothing half made, and says what kind said", async () => {
    await writeFile(join(folder, "broken"), "");
    await expect(handler().create(inputs, context)).rejects.toThrow(
      /kind create ended with code 1\n.*\nERROR: failed to create cluster: no space left$/s,
    );
    expect(await handler().read?.(inputs)).toBeUndefined();
  });

  it("does not take a cluster that is somebody else's", async () => {
    await handler().create(inputs, context);
    await expect(handler().create(inputs, context)).rejects.toThrow(
      "there is a cluster of kind called updraft-gpu already, and it is not this stack's; set cluster:name to another name, or remove it: kind delete cluster --name updraft-gpu",
    );
    expect(await handler().read?.(inputs)).toBeDefined();
  });

  it("says everything that is missing in one message", async () => {
    const nothing = { kind: "no-kind", docker: "no-docker" };
    await expect(handler(nothing).create(inputs, context)).rejects.toThrow(
      "a cluster of kind cannot be had on this machine: kind is not on PATH; install it: https://kind.sigs.k8s.io; docker is not on PATH; install it: https://docs.docker.com/get-docker",
    );
  });

  it("says that docker's daemon does not run", async () => {
    await program("docker", "#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n");
    await expect(handler().create(inputs, context)).rejects.toThrow(
      /cannot be had on this machine: .*docker version ended with code 1\nCannot connect to the Docker daemon$/,
    );
  });

  it("is another one with another name or configuration", async () => {
    const { difference } = handler();
    expect(await difference(inputs, { ...inputs }, context)).toBe("same");
    for (const changed of [{ config: "kind: Cluster\nnodes: []\n" }, { clusterName: "other" }]) {
      expect(await difference(inputs, { ...inputs, ...changed }, context)).toBe("replace");
    }
  });

  it("refuses a kubeconfig that names no cluster", async () => {
    await expect(endpointOf("clusters: []")).rejects.toThrow("clusters");
  });
});
