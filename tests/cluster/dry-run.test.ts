import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { customResources } from "../../toolchain/custom-resources.js";
import { createProgress } from "../../toolchain/progress.js";
import { currentContext } from "../../toolchain/setup.js";
import { testCluster } from "./harness/test-cluster.ts";
import { ApiServer, type Manifest, parseManifest } from "./manifests/api-server.ts";
import { type Configuration, configurations } from "./manifests/configurations.ts";

const render = join(import.meta.dirname, "../../infra/kubernetes/render/main.ts");

describe("the manifests that an update applies", () => {
  let server: ApiServer;
  let folder: string;
  /** What this file has made, to be removed at its end. */
  const made: Manifest[] = [];

  beforeAll(async () => {
    server = new ApiServer((await testCluster()).kubeconfig);
    folder = await mkdtemp(join(tmpdir(), "updraft-dry-run-"));
    const step = createProgress(process.stderr, { quiet: true }).step("custom resources");
    for (const file of Object.values(await customResources(currentContext(), step))) {
      await make(parseManifest(await readFile(file, "utf8")));
    }
    await server.knows("serving.kserve.io/v1beta1", "InferenceService");
    await server.knows("gateway.networking.k8s.io/v1", "HTTPRoute");
    await server.knows("monitoring.coreos.com/v1", "ServiceMonitor");
  });

  afterAll(async () => {
    await Promise.all(made.map((manifest) => server.remove(manifest)));
    if (folder) await rm(folder, { recursive: true });
  });

  /** What is there already is somebody else's, and stays. */
  async function make(manifest: Manifest): Promise<void> {
    if (await server.create(manifest)) made.push(manifest);
  }

  async function rendered(name: string, configuration: Configuration): Promise<Manifest[]> {
    const entries = Object.entries({ target: "kubernetes", ...configuration });
    const config = Object.fromEntries(entries.map(([key, value]) => [`updraft:${key}`, value]));
    const [file, out] = [join(folder, `Pulumi.${name}.yaml`), join(folder, name)];
    await writeFile(file, stringify({ config }));
    const args = [render, name, "--config-file", file, "--out", out];
    await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
    const names = (await readdir(out)).toSorted();
    return Promise.all(
      names.map(async (each) => parseManifest(await readFile(join(out, each), "utf8"))),
    );
  }

  it.each(Object.entries(configurations))(
    "are accepted by an API server as they are: %s",
    async (name, configuration) => {
      const manifests = await rendered(`dry-${name}-${process.pid}`, configuration);
      const namespaces = manifests.filter(({ kind }) => kind === "Namespace");
      for (const namespace of namespaces) await make(namespace);
      const problems: string[] = [];
      for (const manifest of manifests) {
        const { refusal, warnings } = await server.tryOut(manifest);
        const said = [...(refusal === undefined ? [] : [refusal]), ...warnings];
        problems.push(...said.map((text) => `${manifest.kind} ${manifest.metadata.name}: ${text}`));
      }
      expect(problems).toEqual([]);
      expect(manifests.length).toBeGreaterThan(namespaces.length);
    },
  );

  it("would be refused with a field that there is none of, or a pod that may too much", async () => {
    const [namespace, ...manifests] = await rendered(
      `dry-wrong-${process.pid}`,
      configurations["defaults"]!,
    );
    await make(namespace!);
    const deployment = manifests.find(
      ({ kind, metadata }) => kind === "Deployment" && metadata.name === "inference",
    )!;
    const wrong = JSON.parse(
      JSON.stringify(deployment).replace('"minReadySeconds"', '"minReadySecs"'),
    ) as Manifest;
    expect((await server.tryOut(wrong)).refusal).toContain("minReadySecs");
    const privileged = JSON.parse(
      JSON.stringify(deployment).replace(
        '"allowPrivilegeEscalation":false',
        '"allowPrivilegeEscalation":true',
      ),
    ) as Manifest;
    expect((await server.tryOut(privileged)).warnings.join()).toContain("allowPrivilegeEscalation");
  });
});
