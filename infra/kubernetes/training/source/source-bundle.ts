import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { readPackage } from "@updraft/contracts/model-package";
import { messageOf } from "@updraft/contracts/message-of";
import { bundleFiles } from "@updraft/contracts/package-bundle";
import type { PromotionSource } from "@updraft/contracts/promotion-source";
import { ConfigError } from "../../../config/config-error.ts";

/** The most that a package may have which is carried into a cluster, in bytes: 20 MB. */
const mostBytes = 20_000_000;

/** The most that one ConfigMap takes of it, in bytes: the API server refuses more than 1 MiB. */
const partBytes = 700_000;

/**
 * A package that only this machine has, read, checked and bundled, to be carried into a cluster.
 * @throws {ConfigError} if it is missing, is another one, or is too large for that
 */
export async function sourceBundle({ stack, release }: PromotionSource): Promise<Buffer> {
  const { uri, digest } = release;
  try {
    await readPackage(uri, digest);
    return bundleFiles(await filesOf(uri, stack));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError([
      `updraft:promotion.fromStack: the package of ${stack} at ${uri} cannot be taken along (${messageOf(error)}); run this on the machine that has it, or bring ${stack} up again`,
    ]);
  }
}

async function filesOf(uri: string, stack: string): Promise<Record<string, Buffer>> {
  // A store lists the folders in it, and the package is one.
  const end = uri.lastIndexOf("/");
  const [store, folder] = [openArtifactStore(uri.slice(0, end)), uri.slice(end + 1)];
  const files = await store.list(folder);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > mostBytes) {
    throw new ConfigError([
      `updraft:promotion.fromStack: the package of ${stack} has ${megabytes(bytes)} MB, and ${megabytes(mostBytes)} are the most that are carried from this machine into a cluster; give ${stack} an S3 store that both reach (updraft:store.s3 of a stack of target kubernetes)`,
    ]);
  }
  const contents = files.map(async ({ path }) => {
    return [path.slice(folder.length + 1), await store.read(path)] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}

/** A bundle in parts that a ConfigMap takes, each in base64. */
export function bundleParts(bundle: Uint8Array): string[] {
  const bytes = Buffer.from(bundle);
  const count = Math.ceil(bytes.length / partBytes);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * partBytes, (index + 1) * partBytes).toString("base64"),
  );
}
