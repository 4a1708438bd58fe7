import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { paths } from "../paths.ts";
import { digestOf } from "../registry/registry.ts";
import { docker } from "../registry/docker.ts";
import { say } from "../report.ts";
import type { ImageSource } from "./image-source.ts";
import { dockerfileFolder, tagOf } from "./image-source.ts";

/** An image in the cluster's registry. */
export interface BuiltImage {
  readonly tag: string;
  /** `127.0.0.1:port/updraft-test/name:tag` */
  readonly tagged: string;
  /** `127.0.0.1:port/updraft-test/name@sha256:…` */
  readonly byDigest: string;
}

/**
 * Images that the registry has or is given now, by name.
 * @param registry host and port
 * @param sources bases before what stands on them
 */
export async function ensureImages(
  registry: string,
  sources: readonly ImageSource[],
): Promise<Record<string, BuiltImage>> {
  const images: Record<string, BuiltImage> = {};
  for (const source of sources) {
    const base = source.base === undefined ? undefined : images[source.base];
    const tag = await tagOf(source, base?.tag);
    const name = `${registry}/updraft-test/${source.name}`;
    const tagged = `${name}:${tag}`;
    let digest = await digestOf(tagged);
    if (digest === undefined) {
      say(`building the image ${source.name}`);
      await build(source, tagged, base?.tagged);
      digest = await digestOf(tagged);
    }
    images[source.name] = { tag, tagged, byDigest: `${name}@${digest}` };
  }
  return images;
}

/** Gives the images in dockerd their other names. */
export async function nameImages(
  sources: readonly ImageSource[],
  images: Readonly<Record<string, BuiltImage>>,
): Promise<void> {
  for (const { name, alias } of sources) {
    const tagged = images[name]?.tagged;
    if (tagged === undefined || alias === undefined) continue;
    const isThere = await docker("image", "inspect", tagged).then(
      () => true,
      () => false,
    );
    if (!isThere) await docker("pull", "--quiet", tagged);
    await docker("tag", tagged, alias);
  }
}

async function build(source: ImageSource, tagged: string, base: string | undefined): Promise<void> {
  await mkdir(paths.images, { recursive: true });
  const context = await mkdtemp(join(paths.images, `${source.name}-`));
  try {
    await cp(dockerfileFolder(source.name), context, { recursive: true });
    for (const [path, from] of Object.entries(source.copies)) {
      await cp(from, join(context, path), { recursive: true, verbatimSymlinks: true });
    }
    for (const [path, text] of Object.entries(source.texts ?? {})) {
      await mkdir(dirname(join(context, path)), { recursive: true });
      await writeFile(join(context, path), text);
    }
    const args = { ...(base === undefined ? {} : { BASE: base }), ...source.buildArgs };
    const buildArgs = Object.entries(args).flatMap(([key, value]) => [
      "--build-arg",
      `${key}=${value}`,
    ]);
    await docker("build", "--quiet", "--network=host", ...buildArgs, "--tag", tagged, context);
    await docker("push", "--quiet", tagged);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}
