import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What an image is built from. */
export interface ImageSource {
  /** Names the folder with its Dockerfile, and the image in the registry. */
  readonly name: string;
  /** The image that it stands on, of the same cluster. */
  readonly base?: string;
  /** Other names that dockerd knows it by, so that a Dockerfile finds it without a registry. */
  readonly alias?: string;
  /** Files and folders to copy into the context, by path there. */
  readonly copies: Readonly<Record<string, string>>;
  /** Small files to write into the context, by path there. */
  readonly texts?: Readonly<Record<string, string>>;
  /** What the copied files are, since reading them would take too long: keys of parts. */
  readonly identity: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** The folder with the Dockerfile of an image. */
export function dockerfileFolder(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/**
 * A tag that is another one whenever the image would be.
 * @param baseTag of the image that it stands on
 */
export async function tagOf(source: ImageSource, baseTag: string | undefined): Promise<string> {
  const folder = dockerfileFolder(source.name);
  const files: [string, string][] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    files.push([name, await readFile(join(folder, name), "utf8")]);
  }
  const { texts = {}, identity, buildArgs = {}, alias } = source;
  const facts = { files, texts, identity, buildArgs, alias, baseTag };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 16);
}
