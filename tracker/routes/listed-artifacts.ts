import { ArtifactPathError, type ArtifactStore } from "@updraft/contracts/artifact-store";
import { invalidParameter } from "../mlflow-error.ts";
import type { RunStore } from "../store/runs.ts";
import { artifactPath } from "./artifact-path.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import { PageToken, Text, withRunId } from "./fields.ts";

/** A file or folder, its path from the root of the run or model. */
interface FileInfo {
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size?: number;
}

/** What lies in a run's folder of artifacts. MLflow's Python client lists through the proxy. */
export function runArtifactEndpoints(runs: RunStore, artifacts: ArtifactStore): Endpoint[] {
  return [
    endpoint(
      "get",
      "/artifacts/list",
      withRunId({ path: Text.optional(), page_token: PageToken }),
      async ({ run_id, path }) => {
        const { info } = await runs.get(run_id);
        return listed(artifacts, info.artifact_uri, path);
      },
    ),
  ];
}

/**
 * What lies in a folder below an address of the tracker's artifacts.
 * @param root such as `mlflow-artifacts:/1/<run>/artifacts`
 * @throws {HttpError} 400 if the folder leaves its root, or the address is of another store
 */
export async function listed(
  artifacts: ArtifactStore,
  root: string,
  folder = "",
): Promise<{ root_uri: string; files: FileInfo[] }> {
  const prefix = pathInStore(root);
  const asked = folder.replace(/\/+$/, "");
  // It is decoded already: encoding it again leaves one decoding to do, as in a URL.
  const below = asked === "" ? "" : artifactPath(encodeURIComponent(asked));
  const entries = await entriesOf(artifacts, [prefix, below].filter(Boolean).join("/"));
  const files = entries.map((entry) => ({
    path: below === "" ? entry.name : `${below}/${entry.name}`,
    ...(entry.kind === "file" ? { is_dir: false, file_size: entry.size } : { is_dir: true }),
  }));
  return { root_uri: root, files };
}

function pathInStore(root: string): string {
  const path = /^mlflow-artifacts:\/+(?<path>[^?#]*)$/.exec(root)?.groups?.path;
  if (path !== undefined) return path.replace(/\/+$/, "");
  throw invalidParameter(
    `The artifacts are at ${root}, which this tracker cannot list; read them there, with the store's own client`,
  );
}

async function entriesOf(artifacts: ArtifactStore, folder: string) {
  try {
    return await artifacts.entries(folder);
  } catch (error) {
    if (error instanceof ArtifactPathError) {
      throw invalidParameter(`Invalid path: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
