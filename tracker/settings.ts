import { isAbsolute } from "node:path";
import { z } from "zod";

/** What the tracker is started with. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** How long requests in progress may take when the tracker is asked to stop. */
  readonly drainSeconds: number;
  readonly logLevel: string;
  /** Absolute path of the database. */
  readonly databaseFile: string;
  /** Address of the artifact store. */
  readonly artifactsUri: string;
}

/** The environment does not say how to start; one line for each problem. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const Environment = z.object({
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce
    .number("expected a port from 0 to 65535")
    .int("expected a port from 0 to 65535")
    .min(0, "expected a port from 0 to 65535")
    .max(65_535, "expected a port from 0 to 65535")
    .default(5000),
  DRAIN_SECONDS: z.coerce
    .number("expected seconds, at least 0")
    .min(0, "expected seconds, at least 0")
    .default(10),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  MLFLOW_BACKEND_STORE_URI: z
    .string("is missing; expected sqlite:////absolute/path/of/tracker.db")
    .refine((uri) => sqliteFile(uri) !== undefined, {
      error: "expected sqlite:////absolute/path/of/tracker.db (four slashes)",
    })
    .transform((uri) => sqliteFile(uri) ?? ""),
  MLFLOW_ARTIFACTS_DESTINATION: z
    .string("is missing; expected file:///absolute/folder")
    .regex(/^file:\/\/\/./, "expected file:///absolute/folder"),
});

/**
 * Reads the settings from the environment, with the names that MLflow's own server has.
 * @throws {SettingsError} with every problem
 */
export function parseSettings(environment: NodeJS.ProcessEnv): Settings {
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const parsed = Environment.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      const value = environment[String(path[0])];
      return `${String(path[0])}${value ? ` is "${value}"` : ""}: ${message}`;
    });
    throw new SettingsError(problems.join("\n"));
  }
  const settings = parsed.data;
  return {
    host: settings.HOST,
    port: settings.PORT,
    drainSeconds: settings.DRAIN_SECONDS,
    logLevel: settings.LOG_LEVEL,
    databaseFile: settings.MLFLOW_BACKEND_STORE_URI,
    artifactsUri: settings.MLFLOW_ARTIFACTS_DESTINATION,
  };
}

/** `sqlite:////a/b.db` is the file `/a/b.db`, as MLflow and SQLAlchemy have it. */
function sqliteFile(uri: string): string | undefined {
  if (!uri.startsWith("sqlite:///")) return undefined;
  const file = uri.slice("sqlite:///".length);
  return isAbsolute(file) && file.length > 1 ? file : undefined;
}
