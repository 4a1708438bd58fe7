import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { goBuilder } from "./go-build.js";
import { builtMinioServer } from "./minio.js";
import { ensurePart, partFolder } from "./parts.js";
import { createProgress } from "./progress.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./progress.js").Step} Step */

/**
 * Files of the programs that the test cluster runs.
 * @typedef {object} ClusterPrograms
 * @property {string} kubernetes folder with kube-apiserver, kubelet and the others
 * @property {string} coredns
 * @property {string} metricsServer
 * @property {string} pause
 * @property {string} mc
 * @property {string} minio
 */

const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
];

/**
 * What is built, in this order: one after another, since Go takes all processors for each.
 * @param {Context} context
 */
function modules({ pins }) {
  const { kubernetes, coredns, metricsServer, mc, pause } = pins.cluster;
  // Without these Kubernetes reports no version, and its kubelet is refused as too old.
  const [major, minor] = kubernetes.slice(1).split(".");
  const version = Object.entries({ gitVersion: kubernetes, gitMajor: major, gitMinor: minor })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(" ");
  return [
    { name: "pause", version: pause, packages: ["."] },
    {
      name: "kubernetes",
      version: kubernetes,
      packages: kubernetesPrograms.map((program) => `k8s.io/kubernetes/cmd/${program}`),
      linkerFlags: version,
    },
    { name: "coredns", version: coredns, packages: ["."] },
    {
      name: "metrics-server",
      version: metricsServer,
      packages: ["sigs.k8s.io/metrics-server/cmd/metrics-server"],
    },
    { name: "mc", version: mc, packages: ["github.com/minio/mc"] },
  ];
}

/** @param {Context} context @param {{ name: string, version: string }} module */
function keyOf(context, { name, version }) {
  return `${name}-${version}-${context.platform}`;
}

/**
 * The programs of the test cluster, each built with Go if it is not in the cache. An interrupted
 * build goes on from where it was.
 * @param {Context} context
 * @returns {Promise<ClusterPrograms>}
 */
export async function clusterPrograms(context) {
  const progress = createProgress(process.stderr, { quiet: true });
  /** @type {Record<string, string>} */
  const folders = {};
  for (const module of modules(context)) {
    const step = progress.step(module.name);
    const build = (/** @type {string} */ folder) => buildInto(context, folder, module, step);
    folders[module.name] = await ensurePart(
      context.cache,
      keyOf(context, module),
      build,
      step.update,
    );
    step.done(`${module.version}, in the cache`);
  }
  const file = (/** @type {string} */ name) => join(folders[name] ?? "", "bin", name);
  return {
    kubernetes: join(folders["kubernetes"] ?? "", "bin"),
    coredns: file("coredns"),
    metricsServer: file("metrics-server"),
    pause: file("pause"),
    mc: file("mc"),
    minio: await builtMinioServer(context, progress.step("minio")),
  };
}

/**
 * Programs of the test cluster that are still to be built.
 * @param {Context} context
 * @param {(folder: string) => boolean} exists
 */
export function missingClusterPrograms(context, exists) {
  return [...modules(context), { name: "minio", version: context.pins.minio.module }]
    .filter((module) => !exists(partFolder(context.cache, keyOf(context, module))))
    .map(({ name }) => name);
}

/**
 * @param {Context} context
 * @param {string} folder
 * @param {{ name: string, packages: string[], linkerFlags?: string }} module
 * @param {Step} step
 */
async function buildInto(context, folder, { name, packages, linkerFlags = "" }, step) {
  const { build } = await goBuilder(context, step);
  const bin = join(folder, "bin");
  await mkdir(bin);
  const output = packages.length === 1 ? join(bin, name) : `${bin}/`;
  await build(name, output, ["-trimpath", "-ldflags", `-s -w ${linkerFlags}`, ...packages]);
}
