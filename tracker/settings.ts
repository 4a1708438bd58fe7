import { isAbsolute } from "node:path";
import { s3Address } from "@updraft/contracts/s3/s3-address";
import { z } from "zod";
import { accessLevels, type Access } from "./auth/credentials.ts";
import {
  databaseAddresses,
  parseDatabaseAddress,
  withoutCredentials,
  type DatabaseAddress,
} from "./store/database-address.ts";

/** What the tracker is started with. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** How long requests in progress may take when the tracker is asked to stop. */
  readonly drainSeconds: number;
  /** How long it then still takes new connections, which a cluster may send a moment longer. */
  readonly lameDuckSeconds: number;
  /** How long an idle connection is kept: longer than whoever is in between keeps it. */
  readonly keepAliveSeconds: number;
  /** How long a database or a bucket that cannot be reached is waited for at the start. */
  readonly startupWaitSeconds: number;
  readonly logLevel: string;
  readonly database: DatabaseAddress;
  /** Address of the artifact store: a folder or a bucket. */
  readonly artifactsUri: string;
  /** Address of the bucket's store as clients reach it; undefined if they do not. */
  readonly publicS3Endpoint: string | undefined;
  /** How long a client may fetch a file from there, once it was told where it is. */
  readonly presignedDownloadSeconds: number;
  /** Absolute path of the file that says who may use the tracker. */
  readonly credentialsFile: string | undefined;
  /** What may be done without credentials. */
  readonly anonymousAccess: Access | "none";
  /** Names under which the tracker may be called, `*` for any part; undefined is any name. */
  readonly allowedHosts: readonly string[] | undefined;
}

/** The environment does not say how to start; one line for each problem. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

const artifactAddresses = "file:///absolute/folder or s3://bucket/prefix";
/** A signed address of S3 lives a week at most. */
const presignedSeconds = "seconds from 1 to 604800";

const seconds = (least: number) =>
  z.coerce
    .number(`expected seconds, at least ${least}`)
    .min(least, `expected seconds, at least ${least}`);

const Environment = z.object({
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce
    .number("expected a port from 0 to 65535")
    .int("expected a port from 0 to 65535")
    .min(0, "expected a port from 0 to 65535")
    .max(65_535, "expected a port from 0 to 65535")
    .default(5000),
  DRAIN_SECONDS: seconds(0).default(10),
  LAME_DUCK_SECONDS: seconds(0).default(0),
  KEEP_ALIVE_SECONDS: seconds(1).default(5),
  STARTUP_WAIT_SECONDS: seconds(0).default(30),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  MLFLOW_BACKEND_STORE_URI: z
    .string(`is missing; expected ${databaseAddresses}`)
    .transform((uri, context) => {
      const address = parseDatabaseAddress(uri);
      if (address) return address;
      context.addIssue({ code: "custom", message: `expected ${databaseAddresses}` });
      return z.NEVER;
    }),
  MLFLOW_ARTIFACTS_DESTINATION: z
    .string(`is missing; expected ${artifactAddresses}`)
    .refine(isArtifactAddress, { error: `expected ${artifactAddresses}` }),
  S3_PUBLIC_ENDPOINT_URL: z
    .url({
      protocol: /^https?$/,
      error: "expected http://host:port or https://host of an S3 store",
    })
    .optional(),
  MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS: z.coerce
    .number(`expected ${presignedSeconds}`)
    .int(`expected ${presignedSeconds}`)
    .min(1, `expected ${presignedSeconds}`)
    .max(604_800, `expected ${presignedSeconds}`)
    .default(300),
  TRACKER_CREDENTIALS_FILE: z
    .string()
    .refine((file) => isAbsolute(file), { error: "expected the absolute path of a file" })
    .optional(),
  TRACKER_ANONYMOUS_ACCESS: z
    .enum(["none", ...accessLevels], 'expected "none", "read" or "write"')
    .optional(),
  MLFLOW_SERVER_ALLOWED_HOSTS: z
    .string()
    .regex(/^[^\s,]+( *, *[^\s,]+)*$/, "expected names, separated by commas; * stands for any part")
    .optional(),
});

type Environment = z.infer<typeof Environment>;

/** What is wrong with settings that are each sound: nobody could get in, or everybody. */
const SafeEnvironment = Environment.superRefine((settings, context) => {
  if (settings.TRACKER_CREDENTIALS_FILE !== undefined) return;
  const add = (name: keyof Environment, message: string) =>
    context.addIssue({ code: "custom", path: [name], message });
  if (settings.TRACKER_ANONYMOUS_ACCESS === "none") {
    add("TRACKER_ANONYMOUS_ACCESS", "nobody could do anything; set TRACKER_CREDENTIALS_FILE too");
  }
  if (settings.TRACKER_ANONYMOUS_ACCESS === undefined && !isLoopback(settings.HOST)) {
    add(
      "HOST",
      "others can reach that address and could write and delete; set TRACKER_CREDENTIALS_FILE, or TRACKER_ANONYMOUS_ACCESS=write if something else keeps strangers out",
    );
  }
});

/**
 * Reads the settings from the environment, with the names that MLflow's own server has.
 * @throws {SettingsError} with every problem
 */
export function parseSettings(environment: NodeJS.ProcessEnv): Settings {
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const parsed = SafeEnvironment.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      const value = environment[String(path[0])];
      return `${String(path[0])}${value ? ` is "${withoutCredentials(value)}"` : ""}: ${message}`;
    });
    throw new SettingsError(problems.join("\n"));
  }
  const settings = parsed.data;
  return {
    host: settings.HOST,
    port: settings.PORT,
    drainSeconds: settings.DRAIN_SECONDS,
    lameDuckSeconds: settings.LAME_DUCK_SECONDS,
    keepAliveSeconds: settings.KEEP_ALIVE_SECONDS,
    startupWaitSeconds: settings.STARTUP_WAIT_SECONDS,
    logLevel: settings.LOG_LEVEL,
    database: settings.MLFLOW_BACKEND_STORE_URI,
    artifactsUri: settings.MLFLOW_ARTIFACTS_DESTINATION,
    publicS3Endpoint: settings.S3_PUBLIC_ENDPOINT_URL,
    presignedDownloadSeconds: settings.MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS,
    credentialsFile: settings.TRACKER_CREDENTIALS_FILE,
    anonymousAccess:
      settings.TRACKER_ANONYMOUS_ACCESS ?? (settings.TRACKER_CREDENTIALS_FILE ? "none" : "write"),
    allowedHosts: allowedHosts(settings),
  };
}

function isArtifactAddress(uri: string): boolean {
  if (/^file:\/\/\/./.test(uri)) return true;
  try {
    return s3Address(uri).bucket !== "";
  } catch {
    return false;
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

/**
 * A page of another site can have its own name lead to this machine, and then reads as if it came
 * from here: what only this machine can reach is called by the names of this machine only.
 */
function allowedHosts(settings: Environment): readonly string[] | undefined {
  const given = settings.MLFLOW_SERVER_ALLOWED_HOSTS?.split(",").map((name) => name.trim());
  if (given) return given.includes("*") ? undefined : given;
  return isLoopback(settings.HOST) ? [...new Set([...loopbackHosts, settings.HOST])] : undefined;
}
