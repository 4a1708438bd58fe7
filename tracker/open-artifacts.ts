import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { messageOf } from "@updraft/contracts/message-of";
import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import type { ClientTransfers } from "@updraft/contracts/client-transfers";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import type { Settings } from "./settings.ts";

/** Where artifacts are, and how clients get at long ones. */
export interface Artifacts {
  readonly store: ArtifactStore;
  /** Undefined if everything goes through the tracker. */
  readonly transfers: ClientTransfers | undefined;
}

type ArtifactSettings = Pick<
  Settings,
  "artifactsUri" | "publicS3Endpoint" | "presignedDownloadSeconds"
>;

/**
 * Opens the store of artifacts, in a folder or a bucket, and tries that it can be written to.
 * @throws naming the address, why it cannot be written to, and what to do
 */
export async function openArtifacts(
  settings: ArtifactSettings,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Artifacts> {
  const { artifactsUri: uri } = settings;
  try {
    const store = openArtifactStore(uri, variables);
    if (uri.startsWith("file:")) await checkFolder(fileURLToPath(uri));
    else await checkWritable(store);
    return { store, transfers: await openTransfers(settings, variables) };
  } catch (error) {
    const advice = uri.startsWith("file:") ? "; name a folder that may be written to" : "";
    throw new Error(
      `cannot write artifacts to ${uri} (MLFLOW_ARTIFACTS_DESTINATION): ${messageOf(error)}${advice}`,
      { cause: error },
    );
  }
}

async function checkFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await access(folder, constants.W_OK);
}

/** Of a bucket nobody says what may be done there: it is tried. */
async function checkWritable(store: ArtifactStore): Promise<void> {
  const probe = `.probe-${randomUUID()}`;
  await store.write(probe, "");
  await store.entries(probe);
  await store.remove(probe);
}

async function openTransfers(
  { artifactsUri, publicS3Endpoint, presignedDownloadSeconds }: ArtifactSettings,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<ClientTransfers | undefined> {
  if (!artifactsUri.startsWith("s3:") || publicS3Endpoint === undefined) return undefined;
  const { createS3Transfers } = await import("@updraft/contracts/s3/s3-transfers");
  return createS3Transfers(artifactsUri, variables, {
    publicEndpoint: publicS3Endpoint,
    downloadSeconds: presignedDownloadSeconds,
  });
}
