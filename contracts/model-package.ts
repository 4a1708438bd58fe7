import type { ArtifactStore, FileContents } from "./artifact-store.ts";
import { openArtifactStore } from "./open-artifact-store.ts";
import { Card } from "./card.ts";
import { digestOfFiles, hexOf, sha256, type Digest } from "./digest.ts";
import { Signature } from "./signature.ts";
import { z } from "zod";

/** A file that a package's digest covers: what decides its answers. */
type DigestedFile = "model.json" | "weights.bin" | "signature.json";

/** The two kinds of networks that tfjs has, by the names that it writes into `model.json`. */
export const NetworkFormat = z.enum(["layers-model", "graph-model"]);
export type NetworkFormat = z.infer<typeof NetworkFormat>;

/** What a training run leaves behind, in memory. */
export interface ModelPackage {
  /** A network of tfjs, of layers or a graph: topology and weights manifest (`model.json`). */
  readonly model: string;
  /** All weights one after another as the manifest lists them, little-endian. */
  readonly weights: Uint8Array;
  readonly signature: Signature;
  readonly card: Card;
  /** Further files, by path below the package; `evaluation/…`. */
  readonly evaluation: FileContents;
}

/** A package as it was read, its digest checked. */
export interface LoadedPackage extends Omit<ModelPackage, "evaluation"> {
  readonly digest: Digest;
  readonly uri: string;
}

/** The bytes are not the ones that were asked for. */
export class DigestMismatchError extends Error {
  readonly expected: Digest;
  readonly actual: Digest;

  constructor(uri: string, expected: Digest, actual: Digest) {
    super(
      `the package at ${uri} is not the one that was released: expected ${expected}, found ${actual}`,
    );
    this.name = "DigestMismatchError";
    this.expected = expected;
    this.actual = actual;
  }
}

/** Where a package lies in a store. */
export function packagePath(model: string, digest: Digest): string {
  return `models/${model}/${hexOf(digest)}`;
}

/** The digest of a package: that of `model.json`, `weights.bin` and `signature.json`. */
export function packageDigest(
  content: Pick<ModelPackage, "model" | "weights" | "signature">,
): Digest {
  return digestOfFiles(
    Object.entries(digestedContents(content)).map(([path, bytes]) => ({
      path,
      sha256: sha256(bytes),
    })),
  );
}

const NamedFormat = z.object({ format: NetworkFormat.default("layers-model") });

/**
 * Which kind a package's network is: what its `model.json` says, and one of layers if it says
 * nothing.
 * @throws if it names another kind
 */
export function networkFormat({ model }: Pick<ModelPackage, "model">): NetworkFormat {
  return NamedFormat.parse(JSON.parse(model)).format;
}

/** How large network and weights are, in bytes. */
export function packageSizeBytes(content: Pick<ModelPackage, "model" | "weights">): number {
  return Buffer.byteLength(content.model) + content.weights.byteLength;
}

/** Writes a package, whole or not at all; one that is already there stays as it is. */
export async function writePackage(
  store: ArtifactStore,
  content: ModelPackage,
): Promise<{ digest: Digest; uri: string }> {
  const digest = packageDigest(content);
  const folder = packagePath(content.card.model, digest);
  await store.writeFolder(folder, {
    ...digestedContents(content),
    ...content.evaluation,
    // The last file seals the folder, and every reader asks for the card.
    "card.json": toJson(content.card),
  });
  return { digest, uri: store.uriOf(folder) };
}

/**
 * Reads a package and checks that it is the one that was asked for.
 * @param uri address of the package's folder
 * @param store where it is read, its root the package's folder. @default the one at the address
 * @throws {DigestMismatchError} if the bytes are others
 * @throws {ArtifactNotFoundError} if a file is missing
 */
export async function readPackage(
  uri: string,
  expected: Digest,
  store: Pick<ArtifactStore, "read"> = openArtifactStore(uri),
): Promise<LoadedPackage> {
  const [model, weights, signature] = await Promise.all([
    store.read("model.json"),
    store.read("weights.bin"),
    store.read("signature.json"),
  ]);
  const actual = digestOfFiles([
    { path: "model.json", sha256: sha256(model) },
    { path: "weights.bin", sha256: sha256(weights) },
    { path: "signature.json", sha256: sha256(signature) },
  ]);
  if (actual !== expected) throw new DigestMismatchError(uri, expected, actual);
  return {
    digest: actual,
    uri,
    model: model.toString("utf8"),
    weights,
    signature: Signature.parse(JSON.parse(signature.toString("utf8"))),
    card: Card.parse(JSON.parse((await store.read("card.json")).toString("utf8"))),
  };
}

function digestedContents(
  content: Pick<ModelPackage, "model" | "weights" | "signature">,
): Record<DigestedFile, string | Uint8Array> {
  return {
    "model.json": content.model,
    "weights.bin": content.weights,
    "signature.json": toJson(content.signature),
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
