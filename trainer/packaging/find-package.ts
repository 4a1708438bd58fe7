import { ArtifactNotFoundError, type ArtifactStore } from "@updraft/contracts/artifact-store";
import { Digest, digestOfFiles, sha256 } from "@updraft/contracts/digest";
import { packagePath, readPackage, type LoadedPackage } from "@updraft/contracts/model-package";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import type { ModelRegistry } from "../tracking/tracking.ts";

/** Where packages are looked for. */
export interface PackagePlaces {
  readonly store: ArtifactStore;
  readonly registry: Pick<ModelRegistry, "find" | "versionOf">;
}

/** A package that was there, its digest checked where it is known. */
export interface FoundPackage {
  readonly content: LoadedPackage;
  /** The version of the registry that it is, if it is one. */
  readonly version: string | undefined;
}

const aliases = ["champion", "challenger"] as const;

/**
 * Finds a package by what people call it.
 * @param named a version (`3`), an alias (`champion`), a digest (`sha256:…`), or the address of the
 * package's folder (`file:///…`, `s3://…`)
 * @returns nothing if there is none
 * @throws if it is there and cannot be read, or its bytes are others than those registered
 */
export async function findPackage(
  named: string,
  model: string,
  { store, registry }: PackagePlaces,
): Promise<FoundPackage | undefined> {
  if (named.includes(":/")) return atAddress(named, model, registry);
  const alias = aliases.find((one) => one === named);
  const found = await (alias ? registry.versionOf(model, alias) : registry.find(model, named));
  if (found) {
    const content = await readPackage(found.uri, found.digest);
    return { content, version: found.version };
  }
  const digest = Digest.safeParse(named).data;
  if (digest === undefined) return undefined;
  // A trial's package, or one that was never registered.
  const uri = store.uriOf(packagePath(model, digest));
  const content = await unlessMissing(() => readPackage(uri, digest));
  return content && { content, version: undefined };
}

/** An address says where a package is, and nothing of what is there. */
async function atAddress(
  address: string,
  model: string,
  registry: PackagePlaces["registry"],
): Promise<FoundPackage | undefined> {
  const uri = address.replace(/\/+$/, "");
  const store = openArtifactStore(uri);
  const digest = await unlessMissing(async () => {
    const paths = ["model.json", "weights.bin", "signature.json"];
    const files = await Promise.all(
      paths.map(async (path) => ({ path, sha256: sha256(await store.read(path)) })),
    );
    return digestOfFiles(files);
  });
  if (digest === undefined) return undefined;
  const content = await readPackage(uri, digest, store);
  return { content, version: (await registry.find(model, digest))?.version };
}

async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ArtifactNotFoundError) return undefined;
    throw error;
  }
}
