import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { missingClusterPrograms } from "./cluster-programs.js";
import { pins } from "./pins.js";
import { currentContext } from "./setup.js";

describe("the programs of the test cluster", () => {
  it.each([
    ["kubernetes", "k8s.io/kubernetes", pins.cluster.kubernetes],
    ["coredns", "github.com/coredns/coredns", pins.cluster.coredns],
    ["metrics-server", "sigs.k8s.io/metrics-server", pins.cluster.metricsServer],
    ["mc", "github.com/minio/mc", pins.cluster.mc],
  ])("builds %s of what its go.mod names", async (folder, module, version) => {
    const goMod = await readFile(new URL(`go/${folder}/go.mod`, import.meta.url), "utf8");
    expect(goMod).toContain(`require ${module} ${version}\n`);
  });

  it("takes the parts of Kubernetes in the version that belongs to it", async () => {
    const goMod = await readFile(new URL("go/kubernetes/go.mod", import.meta.url), "utf8");
    const versions = [...goMod.matchAll(/^\t(k8s\.io\/\S+) => \1 (\S+)$/gm)].map(([, , of]) => of);
    const [, minor, patch] = pins.cluster.kubernetes.split(".");
    expect(new Set(versions)).toEqual(new Set([`v0.${minor}.${patch}`]));
    expect(versions.length).toBeGreaterThan(20);
  });

  it("knows what is still to be built", () => {
    const context = { ...currentContext(), cache: "/cache", platform: "linux-x64" };
    const kubernetes = `/cache/parts/kubernetes-${pins.cluster.kubernetes}-linux-x64`;
    expect(missingClusterPrograms(context, (folder) => folder === kubernetes)).toEqual([
      "pause",
      "coredns",
      "metrics-server",
      "mc",
      "minio",
    ]);
  });
});
