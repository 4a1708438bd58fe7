import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildContext,
  type ImageName,
  shortDigest,
  writeBuildContext,
} from "../../infra/kubernetes/images/build-context.ts";
import type { TestCluster } from "../cluster/harness/test-cluster.ts";
import { createDockerCli } from "../providers/docker/docker-cli.ts";
import { imageInputs } from "../providers/docker/image-inputs.ts";

export { imageNames } from "../../infra/kubernetes/images/build-context.ts";

const checkout = join(import.meta.dirname, "../..");

function isOurs(path: string): boolean {
  return !path.includes("node_modules");
}

/** A copy of what images are built from, which stays as it is while others work on the sources. */
export async function treeForImages(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "updraft-tree-"));
  const folders = ["contracts", "models", "trainer", "server", "tracker", "toolchain"];
  const files = ["package.json", "package-lock.json", ".npmrc"];
  for (const path of [...folders, ...files]) {
    await cp(join(checkout, path), join(root, path), { recursive: true, filter: isOurs });
  }
  return root;
}

/** An image of the platform in the daemon of the cluster. */
export interface BuiltImage {
  readonly ref: string;
  /** Names the image's configuration, and with it every layer. */
  readonly id: string;
}

/** Builds an image as `pulumi up` does. */
export async function builtImage(
  image: ImageName,
  tree: string,
  cluster: Pick<TestCluster, "dockerHost" | "registry" | "images">,
  target = image === "trainer" ? "cpu" : undefined,
): Promise<BuiltImage> {
  const content = await buildContext(image, tree);
  const context = await writeBuildContext(content, join(tree, ".updraft/images"));
  const tag = [shortDigest(content.digest), target].filter(Boolean).join("-");
  const ref = `${cluster.registry}/tests/${image}:${tag}`;
  const docker = createDockerCli(cluster.dockerHost);
  const inputs = imageInputs({
    imageName: ref,
    skipPush: true,
    build: {
      context,
      dockerfile: join(context, "Dockerfile"),
      platform: "linux/amd64",
      builderVersion: "BuilderBuildKit",
      args: { BASE: cluster.images.node },
      // Builds find the package registries only there.
      network: "host",
      ...(target === undefined ? {} : { target }),
    },
  });
  await docker.build(inputs, () => undefined);
  const { id } = await docker.inspect(ref);
  return { ref, id };
}
