import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { z } from "zod";
import {
  callMlflow,
  MlflowError,
  TrackerUnavailableError,
  type MlflowConnection,
} from "./mlflow-client.ts";
import { addressInRun, readableAddress, shownAddress } from "./package-address.ts";
import {
  digestTag,
  isAbsence,
  registeredVersion,
  Version,
  versionByAlias,
  versionByPin,
  versionOfDigest,
  versionsWithTag,
  type Tag,
} from "./mlflow-versions.ts";
import type { ModelRegistry, Registration } from "./tracking.ts";

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
  const setTags = async (name: string, version: string, tags: readonly Tag[]) => {
    for (const tag of tags)
      await change("POST", "model-versions/set-tag", { name, version, ...tag });
  };
  const readable = async (model: string, found: Version | undefined) => {
    if (!found) return undefined;
    const version = registeredVersion(model, found);
    return { ...version, uri: await readableAddress(store, model, version) };
  };
  return {
    versionOf: async (model, alias) =>
      readable(model, await versionByAlias(connection, model, alias)),
    find: async (model, pin) => readable(model, await versionByPin(connection, model, pin)),

    withTag: (model, tag) => versionsWithTag(connection, model, tag),

    async register(model, registration) {
      await createModel(connection, model);
      const found = await versionOfDigest(connection, model, registration.digest);
      const version =
        found?.version ?? (await createVersion(connection, store, model, registration));
      await setTags(model, version, tagsOf(registration));
      return version;
    },

    setTags: (model, version, tags) => setTags(model, version, pairs(tags)),

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
      const version = await versionOfDigest(connection, model, digest);
      if (version) return version.version;
    }
  }
}

function tagsOf({ digest, tags }: Registration): Tag[] {
  return pairs({ [digestTag]: digest, ...tags });
}

function pairs(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** MLflow servers want the source below the run's artifacts; ours takes any. */
function isRefusedSource(error: unknown): boolean {
  return error instanceof MlflowError && /invalid model version source/i.test(error.message);
}
