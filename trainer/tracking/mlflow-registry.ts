import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";
import {
  callMlflow,
  MlflowError,
  TrackerUnavailableError,
  type MlflowConnection,
} from "./mlflow-client.ts";
import { addressInRun, readableAddress, shownAddress } from "./package-address.ts";
import type { Alias, ModelRegistry, RegisteredVersion, Registration } from "./tracking.ts";

/** The tag that says which package a version is. */
const digestTag = "updraft.digest";

const Version = z.object({
  version: z.coerce.string(),
  source: z.string().default(""),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
});
type Version = z.infer<typeof Version>;

const Nothing = z.object({});

/**
 * The model registry of an MLflow server.
 * @param store where the packages lie that become versions
 */
export function createMlflowRegistry(
  connection: MlflowConnection,
  store: ArtifactStore,
): ModelRegistry {
  const change = async (method: "POST" | "DELETE", path: string, body: object) =>
    void (await callMlflow(connection, { method, path: `mlflow/${path}`, body, answer: Nothing }));
  return {
    async versionOf(model, alias) {
      const found = await versionOf(connection, model, alias);
      return found && { ...found, uri: await readableAddress(store, model, found) };
    },

    async register(model, registration) {
      await createModel(connection, model);
      const found = await findVersion(connection, model, registration.digest);
      const version = found ?? (await createVersion(connection, store, model, registration));
      for (const tag of tagsOf(registration)) {
        await change("POST", "model-versions/set-tag", { name: model, version, ...tag });
      }
      return version;
    },

    // MLflow's own server takes no notice of a reason.
    setAlias: (model, alias, version, reason) =>
      change("POST", "registered-models/alias", { name: model, alias, version, reason }),

    async removeAlias(model, alias) {
      try {
        await change("DELETE", "registered-models/alias", { name: model, alias });
      } catch (error) {
        if (!isAbsence(error)) throw error;
      }
    },
  };
}

async function versionOf(
  connection: MlflowConnection,
  model: string,
  alias: Alias,
): Promise<RegisteredVersion | undefined> {
  try {
    const { model_version } = await callMlflow(connection, {
      method: "GET",
      path: "mlflow/registered-models/alias",
      query: { name: model, alias },
      answer: z.object({ model_version: Version }),
    });
    return registeredVersion(model, model_version);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function createModel(connection: MlflowConnection, name: string): Promise<void> {
  try {
    await callMlflow(connection, {
      method: "POST",
      path: "mlflow/registered-models/create",
      body: { name },
      answer: Nothing,
    });
  } catch (error) {
    if (!(error instanceof MlflowError && error.code === "RESOURCE_ALREADY_EXISTS")) throw error;
  }
}

async function findVersion(
  connection: MlflowConnection,
  model: string,
  digest: Digest,
): Promise<string | undefined> {
  let pageToken: string | undefined;
  do {
    const page: { model_versions: Version[]; next_page_token?: string | undefined } =
      await callMlflow(connection, {
        method: "GET",
        path: "mlflow/model-versions/search",
        query: {
          filter: `name = '${model}'`,
          max_results: "1000",
          ...(pageToken ? { page_token: pageToken } : {}),
        },
        answer: z.object({
          model_versions: z.array(Version).default([]),
          next_page_token: z.string().optional(),
        }),
      });
    const version = page.model_versions.find((one) => tagOf(one) === digest);
    if (version) return version.version;
    pageToken = page.next_page_token;
  } while (pageToken);
  return undefined;
}

async function createVersion(
  connection: MlflowConnection,
  store: ArtifactStore,
  model: string,
  registration: Registration,
): Promise<string> {
  try {
    const uri = await shownAddress(connection, model, registration);
    return await postVersion(connection, model, { ...registration, uri });
  } catch (error) {
    if (!isRefusedSource(error)) throw error;
    const uri = await addressInRun(connection, store, model, registration);
    return postVersion(connection, model, { ...registration, uri });
  }
}

async function postVersion(
  connection: MlflowConnection,
  model: string,
  registration: Registration,
): Promise<string> {
  const { uri, runId, digest } = registration;
  const tags = tagsOf(registration);
  for (;;) {
    try {
      const { model_version } = await callMlflow(connection, {
        method: "POST",
        path: "mlflow/model-versions/create",
        body: { name: model, source: uri, run_id: runId, tags },
        answer: z.object({ model_version: Version }),
        repeatable: false,
      });
      return model_version.version;
    } catch (error) {
      if (!(error instanceof TrackerUnavailableError)) throw error;
      // The server may have created it before the answer was lost. If it is away for good, the
      // search says so.
      const version = await findVersion(connection, model, digest);
      if (version !== undefined) return version;
    }
  }
}

function tagsOf({ digest, tags }: Registration): { key: string; value: string }[] {
  return Object.entries({ [digestTag]: digest, ...tags }).map(([key, value]) => ({ key, value }));
}

function tagOf({ tags }: Version): string | undefined {
  return tags.find((tag) => tag.key === digestTag)?.value;
}

function registeredVersion(model: string, version: Version): RegisteredVersion {
  const digest = Digest.safeParse(tagOf(version));
  if (!digest.success) {
    throw new Error(
      `version ${version.version} of ${model} has no tag ${digestTag} with the digest of a package; it was not made by this trainer, so move its alias to one that was`,
    );
  }
  return { version: version.version, digest: digest.data, uri: version.source };
}

/** MLflow servers want the source below the run's artifacts; ours takes any. */
function isRefusedSource(error: unknown): boolean {
  return error instanceof MlflowError && /invalid model version source/i.test(error.message);
}

/** There is no such model, or it has no such alias; MLflow says the latter in its own way. */
function isAbsence(error: unknown): boolean {
  if (!(error instanceof MlflowError)) return false;
  return error.code === "RESOURCE_DOES_NOT_EXIST" || / not found/i.test(error.message);
}
