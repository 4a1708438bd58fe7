import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { freePort } from "@updraft/contracts/free-port";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { ExistingConfig } from "../config/cluster-config.ts";
import { existingCluster } from "./existing-cluster.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

const cluster = (config: object = {}) =>
  existingCluster(ExistingConfig.parse({ provider: "existing", ...config }));

describe("a cluster that is there already", () => {
  let folder: string;
  let server: Server;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-existing-"));
    server = createServer((request, response) => {
      const isAllowed = request.headers.authorization === "Bearer a-token";
      response.writeHead(isAllowed && request.url === "/version" ? 200 : 401).end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    file = join(folder, "kubeconfig");
    await write({ server: address(), user: { token: "a-token" } });
    vi.stubEnv("KUBECONFIG", file);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    server.close();
    await rm(folder, { recursive: true });
  });

  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function write(parts: { server: string; user: object; cluster?: object }): Promise<void> {
    const content = {
      "current-context": "team",
      contexts: [
        { name: "team", context: { cluster: "c", user: "u", namespace: "vision" } },
        { name: "other", context: { cluster: "gone", user: "u" } },
      ],
      clusters: [
        {
          name: "c",
          cluster: { server: parts.server, "insecure-skip-tls-verify": true, ...parts.cluster },
        },
      ],
      users: [
        { name: "u", user: parts.user },
        { name: "other", user: { token: "not-to-be-seen" } },
      ],
    };
    await writeFile(file, stringify(content));
  }

  it("gives on its context alone, with the certificates in it, as a secret", async () => {
    await writeFile(join(folder, "ca.pem"), "authority");
    await writeFile(join(folder, "client.pem"), "certificate");
    await write({
      server: address(),
      cluster: { "certificate-authority": "ca.pem" },
      user: {
        token: "a-token",
        "client-certificate": "client.pem",
        "client-key-data": base64("key"),
      },
    });
    const { name, endpoint, kubeconfig } = await cluster();
    expect(await valueOf(name)).toBe("team");
    expect(await valueOf(endpoint)).toBe(address());
    expect(await pulumi.isSecret(kubeconfig)).toBe(true);
    expect(parse(String(await valueOf(kubeconfig)))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "team",
      contexts: [{ name: "team", context: { cluster: "team", user: "team", namespace: "vision" } }],
      clusters: [
        {
          name: "team",
          cluster: {
            server: address(),
            "certificate-authority-data": base64("authority"),
            "insecure-skip-tls-verify": true,
          },
        },
      ],
      users: [
        {
          name: "team",
          user: {
            "client-certificate-data": base64("certificate"),
            "client-key-data": base64("key"),
            token: "a-token",
          },
        },
      ],
    });
  });

  it("may be named by a file and a context", async () => {
    vi.stubEnv("KUBECONFIG", "/nowhere");
    expect(await valueOf((await cluster({ kubeconfig: file, context: "team" })).name)).toBe("team");
  });

  it("is refused where the kubeconfig is not there", async () => {
    await expect(cluster({ kubeconfig: "/nowhere/config" })).rejects.toThrow(
      "cluster:kubeconfig: /nowhere/config is not there; name the file of your cluster's kubeconfig",
    );
    vi.stubEnv("KUBECONFIG", "/nowhere");
    await expect(cluster()).rejects.toThrow("KUBECONFIG: /nowhere is not there");
  });

  it("is refused where the kubeconfig lacks the context or what it names", async () => {
    await expect(cluster({ context: "prod" })).rejects.toThrow(
      "cluster:context: the kubeconfig has no context prod; it has other, team",
    );
    await expect(cluster({ context: "other" })).rejects.toThrow(
      "cluster:context: the context other names the cluster gone, which is not in the kubeconfig; repair it, or set another context",
    );
  });

  it("is refused where it cannot be asked", async () => {
    const closed = `http://127.0.0.1:${await freePort()}`;
    await write({ server: closed, user: { token: "a-token" } });
    await expect(cluster()).rejects.toThrow(
      `cluster:context: the cluster of the context team at ${closed} cannot be asked (ECONNREFUSED); start it or log in again, or set another context`,
    );
  });

  it("is refused where it does not let this user in", async () => {
    await write({ server: address(), user: { token: "another" } });
    await expect(cluster()).rejects.toThrow(
      `cluster:context: the cluster of the context team at ${address()} does not let this user in (401); log in again, or set another context`,
    );
  });

  it("is refused where a file of its credentials is gone", async () => {
    await write({ server: address(), user: { "client-certificate": "gone.pem" } });
    await expect(cluster()).rejects.toThrow(
      "cluster:context: the credentials of the context team cannot be read (ENOENT",
    );
  });
});

function valueOf(output: pulumi.Output<unknown>): Promise<unknown> {
  return new Promise((resolve) => output.apply(resolve));
}
