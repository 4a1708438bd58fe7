import {
  buildContext,
  type ImageName,
  shortDigest,
} from "../../kubernetes/images/build-context.ts";
import type { LockFile } from "../../kubernetes/images/locked-packages.ts";
import { pinnedImages } from "../../kubernetes/images/pinned.ts";
import type { ImageBuild } from "../images/stack-images.ts";
import { CommandError } from "../support/run-command.ts";
import type { ImageContent } from "./bill-of-materials.ts";

/** An image of a stack that was built from a checkout. */
interface BuiltImage {
  readonly name: ImageName;
  readonly ref: string;
  readonly build: ImageBuild;
}

/**
 * What an image of a stack was built of, out of the checkout that it was built from.
 * @throws {CommandError} if it was built from another one
 */
export async function contentOf(
  { name, ref, build }: BuiltImage,
  checkout: string,
): Promise<ImageContent> {
  const { tag, base, target } = build;
  const content = await contentHere(name, checkout);
  const here = shortDigest(content.context);
  if (tag.replace(/-gpu$/, "") !== here) {
    throw new CommandError(
      `${name}: the stack runs ${tag}, and this checkout would be built into ${here}; check out the commit that the stack was brought up from, or bring it up from this one first`,
    );
  }
  return { ...content, ref, base, ...(target === undefined ? {} : { target }) };
}

/** What an image would be built of in this checkout. */
export async function contentHere(image: ImageName, checkout: string): Promise<ImageContent> {
  const { files, digest } = await buildContext(image, checkout);
  const file = files.find(({ path }) => path === "package-lock.json");
  if (file === undefined) throw new Error(`the build context of ${image} has no package-lock.json`);
  const lock: LockFile = JSON.parse(file.content.toString());
  const target = image === "trainer" ? { target: "cpu" } : {};
  return { image, base: pinnedImages.base, context: digest, lock, ...target };
}
