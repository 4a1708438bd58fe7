import { messageOf } from "@updraft/contracts/message-of";
import { type TrackingServer, trackingServer } from "@updraft/contracts/tracking-server";
import { z } from "zod";
import { engineNames } from "./engines/engine.ts";
import { isFollowed, modelSources, type ModelSource } from "./models/model-sources.ts";

/** Origins whose pages may ask, between commas; a typing error would let nobody in, silently. */
const Origins = z
  .string()
  .default("")
  .transform((list) => list.split(",").map((origin) => origin.trim()))
  .transform((origins) => origins.filter((origin) => origin !== ""))
  .refine((origins) => origins.every((origin) => URL.parse(origin)?.origin === origin), {
    error: "expected origins between commas, such as https://app.example.com,http://localhost:3000",
  });

const Token = z
  .string()
  .regex(
    /^[!-~]{16,}$/,
    "expected at least 16 characters without spaces; leave it out for no token",
  )
  .optional();

/** What is set beside the models, by the names of the variables. */
const Variables = z.object({
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
  /** How long requests in progress may take when the server is asked to stop. */
  DRAIN_SECONDS: z.coerce.number().min(0).default(10),
  /** How long it then still takes new connections, which a cluster may send a moment longer. */
  LAME_DUCK_SECONDS: z.coerce.number().min(0).default(0),
  /** How long an idle connection is kept: longer than whoever is in between keeps it. */
  KEEP_ALIVE_SECONDS: z.coerce.number().min(1).default(5),
  /** How long a client may take to send the head of a request. */
  HEAD_SECONDS: z.coerce.number().gt(0).max(86_400).default(20),
  /** How long it may take to send the whole request. */
  BODY_SECONDS: z.coerce.number().gt(0).max(86_400).default(120),
  /** How long a store that cannot be reached is waited for at the start. */
  STARTUP_WAIT_SECONDS: z.coerce.number().min(0).default(30),
  /** Origins whose pages may ask this server. */
  CORS_ORIGINS: Origins,
  /** What a predict request must show; without one everybody may ask. */
  PREDICT_TOKEN: Token,
  /** What a request must show that changes what is served; without one nobody may. */
  ADMIN_TOKEN: Token,
  /** What runs the networks. */
  SERVER_ENGINE: z.enum(engineNames).default("wasm"),
  /** How often the registry is asked for the version of a model that is followed. */
  MODEL_POLL_SECONDS: z.coerce.number().min(0.1).default(10),
  /** How long a request may wait for its turn; it is refused then. */
  REQUEST_TIMEOUT_SECONDS: z.coerce.number().gt(0).max(86_400).default(10),
  /** How many instances the engine runs together. */
  MAX_BATCH_SIZE: z.coerce.number().int().min(1).default(64),
  /** How many instances may wait for a model's engine. */
  MAX_QUEUE_SIZE: z.coerce.number().int().min(1).default(1024),
  /** How many instances one request may bring. */
  MAX_INSTANCES: z.coerce.number().int().min(1).default(1024),
});

/** The server's settings, and which models they say it has. */
export interface Settings extends z.infer<typeof Variables> {
  /** At least one. */
  readonly models: readonly ModelSource[];
  /** Where followed models are registered; nothing if none is followed. */
  readonly registry: TrackingServer | undefined;
}

/** A variable is missing or cannot be used; the message lists every one. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(`the server's settings cannot be used: ${problems.join("; ")}`);
    this.name = "SettingsError";
  }
}

/** @throws {SettingsError} with every problem at once */
export function parseSettings(environment: NodeJS.ProcessEnv): Settings {
  const result = Variables.safeParse(environment);
  const { sources: models, problems } = modelSources(environment);
  const registry = models.some(isFollowed) ? registryIn(environment) : undefined;
  const all = [
    ...(result.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`),
    ...problems,
    ...(typeof registry === "string" ? [registry] : []),
  ];
  if (!result.success || typeof registry === "string" || all.length > 0) {
    throw new SettingsError(all);
  }
  return { ...result.data, models, registry };
}

/** The server with the registry, or what is wrong with its address. */
function registryIn(environment: NodeJS.ProcessEnv): TrackingServer | string {
  try {
    return trackingServer(environment);
  } catch (error) {
    return messageOf(error);
  }
}
