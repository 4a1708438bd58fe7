import { basename, dirname, join } from "node:path";
import type { ClusterPrograms } from "../../../../toolchain/cluster-programs.js";
import { pins } from "../../../../toolchain/pins.js";
import type { ImageSource } from "./image-source.ts";
import { debianMirror, machineConfig } from "./machine-config.ts";
import { debianRoot, nodeForImages } from "./parts.ts";

/** Every image of the cluster: what it runs itself, and the ones that stand in for others. */
export async function imageSources(programs: ClusterPrograms): Promise<ImageSource[]> {
  const { version } = pins.node;
  const machine = await machineConfig();
  const debian = await debianRoot(debianMirror(machine["etc/apt/sources.list"] ?? ""));
  const node = await nodeForImages(version);
  return [
    program("pause", programs.pause),
    program("coredns", programs.coredns),
    program("metrics-server", programs.metricsServer),
    {
      name: "debian",
      copies: { "root.tar": join(debian.folder, "root.tar") },
      texts: Object.fromEntries(
        Object.entries(machine).map(([path, text]) => [join("machine", path), text]),
      ),
      identity: [debian.key],
    },
    {
      name: "node",
      base: "debian",
      alias: "node:24-bookworm-slim",
      copies: { node: join(node.folder, "node"), npm: join(node.folder, "npm") },
      identity: [node.key],
      buildArgs: { NODE_VERSION: version },
    },
    {
      name: "minio",
      base: "debian",
      alias: "minio/minio:latest",
      copies: { minio: programs.minio, mc: programs.mc },
      identity: [partOf(programs.minio), partOf(programs.mc)],
    },
    {
      name: "postgres",
      base: "debian",
      alias: "postgres:15-bookworm",
      copies: {},
      identity: [],
    },
  ];
}

/** A program alone: it needs nothing of a system. */
function program(name: string, file: string): ImageSource {
  return { name, copies: { [name]: file }, identity: [partOf(file)] };
}

/** A program lies at `<key of its part>/bin/<name>`. */
function partOf(file: string): string {
  return basename(dirname(dirname(file)));
}
