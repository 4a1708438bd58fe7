import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import type { Digest } from "@updraft/contracts/digest";
import { packagePath } from "@updraft/contracts/model-package";
import { z } from "zod";
import { callMlflow, MlflowError, type MlflowConnection } from "./mlflow-client.ts";
import { artifactUriOf, uploadFiles } from "./run-artifacts.ts";

/** The scheme of what a tracker serves of its artifact store. */
const proxyRoot = "mlflow-artifacts:/";

/** What a package must have before a client is sent to it. */
const packageFiles = ["model.json", "weights.bin", "signature.json", "card.json"];

interface PackagePlace {
  readonly digest: Digest;
  /** Address of the package in the store that it was written to. */
  readonly uri: string;
}

/**
 * The address that a version gets as its source: that of the tracker's proxy if the tracker serves
 * the store, so that every MLflow client can download it; else the store's own.
 */
export async function shownAddress(
  connection: MlflowConnection,
  model: string,
  { digest, uri }: PackagePlace,
): Promise<string> {
  const path = packagePath(model, digest);
  const names = await namesServed(connection, path);
  return packageFiles.every((name) => names.includes(name)) ? `${proxyRoot}${path}` : uri;
}

/**
 * The address to read a version's package from: the trainer's own store if the package is there,
 * else where the registry says.
 */
export async function readableAddress(
  store: ArtifactStore,
  model: string,
  { digest, uri }: PackagePlace,
): Promise<string> {
  if (!uri.startsWith(proxyRoot)) return uri;
  const path = packagePath(model, digest);
  return (await store.has(`${path}/model.json`)) ? store.uriOf(path) : uri;
}

/**
 * Copies a package to the artifacts of its run and gives that address: MLflow servers take only a
 * source below the run that is named with it.
 * @throws if the run's artifacts cannot be written through the server
 */
export async function addressInRun(
  connection: MlflowConnection,
  store: ArtifactStore,
  model: string,
  { digest, runId }: PackagePlace & { readonly runId: string },
): Promise<string> {
  const folder = packagePath(model, digest);
  const files: Record<string, Uint8Array> = {};
  for (const { path } of await store.list(folder)) {
    files[`package/${path.slice(folder.length + 1)}`] = await store.read(path);
  }
  const artifactUri = await artifactUriOf(connection, runId);
  if (await uploadFiles(connection, artifactUri, files)) return `${artifactUri}/package`;
  throw new Error(
    `the tracker takes only versions whose files are below their run, and the run's are at ${artifactUri}, which it does not serve; start it with --serve-artifacts and without --default-artifact-root`,
  );
}

async function namesServed(connection: MlflowConnection, path: string): Promise<string[]> {
  try {
    const { files } = await callMlflow(connection, {
      method: "GET",
      path: "mlflow-artifacts/artifacts",
      query: { path },
      answer: z.object({ files: z.array(z.object({ path: z.string() })).default([]) }),
    });
    return files.map((file) => file.path);
  } catch (error) {
    // It serves no artifacts at all, or refuses these.
    if (error instanceof MlflowError) return [];
    throw error;
  }
}
