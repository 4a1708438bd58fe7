import { ArtifactNotFoundError, type ArtifactStore } from "@updraft/contracts/artifact-store";
import { messageOf } from "@updraft/contracts/message-of";
import {
  DigestMismatchError,
  readPackage,
  type LoadedPackage,
} from "@updraft/contracts/model-package";
import type { PromotionSource } from "@updraft/contracts/promotion-source";
import { historyFile } from "../evaluation/report.ts";
import { History } from "../training/history.ts";
import { openPackageFiles, type SourceAccess } from "./package-files.ts";
import { releaseName } from "./release-name.ts";

/** The package of another stack, its digest checked. */
export interface SourcePackage {
  readonly content: LoadedPackage;
  /** How it was trained, where the package says so. */
  readonly history: History | undefined;
}

/**
 * Reads the package that another stack has released.
 * @throws if it is not there, or is another one
 */
export async function readSource(
  source: PromotionSource,
  access: SourceAccess,
): Promise<SourcePackage> {
  const { uri, digest } = source.release;
  try {
    const files = await openPackageFiles(uri, access);
    return {
      content: await readPackage(uri, digest, files),
      history: await historyIn(files),
    };
  } catch (error) {
    throw new Error(`${releaseName(source)} cannot be promoted: ${reasonOf(error, source)}`, {
      cause: error,
    });
  }
}

async function historyIn(files: Pick<ArtifactStore, "read">): Promise<History | undefined> {
  try {
    return History.parse(JSON.parse((await files.read(historyFile)).toString("utf8")));
  } catch (error) {
    if (error instanceof ArtifactNotFoundError) return undefined;
    throw error;
  }
}

/** What happened, and what to do. */
function reasonOf(error: unknown, { stack }: PromotionSource): string {
  if (error instanceof ArtifactNotFoundError) {
    return `${error.message}; its package was removed: release one in ${stack} again`;
  }
  if (error instanceof DigestMismatchError) {
    return `${error.message}; its files were changed after the release: release it in ${stack} again`;
  }
  return messageOf(error);
}
