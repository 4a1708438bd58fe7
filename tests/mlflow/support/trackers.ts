import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { freePort } from "@updraft/contracts/free-port";
import { startServer, type ServerProcess } from "./process.ts";

const trackerMain = join(import.meta.dirname, "../../../tracker/main.ts");

type Variables = Readonly<Record<string, string>>;

/** Starts Updraft's tracker with its data in a folder. */
export async function startUpdraft(folder: string, more: Variables = {}): Promise<ServerProcess> {
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  return startServer({
    command: process.execPath,
    args: [trackerMain],
    variables: {
      PORT: String(port),
      LOG_LEVEL: "warn",
      MLFLOW_BACKEND_STORE_URI: `sqlite:///${join(folder, "tracker.db")}`,
      MLFLOW_ARTIFACTS_DESTINATION: pathToFileURL(join(folder, "artifacts")).href,
      ...more,
    },
    port,
    healthPath: "/health",
  });
}

/**
 * Starts a real MLflow server on SQLite with its data in a folder.
 * @param python an interpreter that has the package `mlflow`
 * @param flags further arguments of `mlflow server`
 */
export async function startMlflow(
  python: string,
  folder: string,
  flags: readonly string[] = [],
  more: Variables = {},
): Promise<ServerProcess> {
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  const options = {
    host: "127.0.0.1",
    port: String(port),
    workers: "1",
    "backend-store-uri": `sqlite:///${join(folder, "mlflow.db")}`,
    "artifacts-destination": join(folder, "artifacts"),
  };
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  return startServer({
    command: python,
    args: ["-m", "mlflow", "server", ...given, ...flags],
    variables: {
      // Workers for jobs that nobody asks for here: eight processes.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
      MLFLOW_DISABLE_TELEMETRY: "true",
      ...more,
    },
    port,
    healthPath: "/health",
  });
}
