import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";

/** Origins whose pages may ask, between commas; a typing error would let nobody in, silently. */
const Origins = z
  .string()
  .default("")
  .transform((list) => list.split(",").map((origin) => origin.trim()))
  .transform((origins) => origins.filter((origin) => origin !== ""))
  .refine((origins) => origins.every((origin) => URL.parse(origin)?.origin === origin), {
    error: "expected origins between commas, such as https://app.example.com,http://localhost:3000",
  });

/** The server's settings, by the names of their variables. */
export const Settings = z.object({
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
  /** How long requests in progress may take when the server is asked to stop. */
  DRAIN_SECONDS: z.coerce.number().min(0).default(10),
  /** How long it then still takes new connections, which a cluster may send a moment longer. */
  LAME_DUCK_SECONDS: z.coerce.number().min(0).default(0),
  /** How long an idle connection is kept: longer than whoever is in between keeps it. */
  KEEP_ALIVE_SECONDS: z.coerce.number().min(1).default(5),
  /** How long a store that cannot be reached is waited for at the start. */
  STARTUP_WAIT_SECONDS: z.coerce.number().min(0).default(30),
  /** Origins whose pages may ask this server. */
  CORS_ORIGINS: Origins,
  /** What a predict request must show; without one everybody may ask. */
  PREDICT_TOKEN: z
    .string()
    .regex(
      /^[!-~]{16,}$/,
      "expected at least 16 characters without spaces; leave it out for no token",
    )
    .optional(),
  /** Name under which the model is served. */
  MODEL_NAME: z.string().regex(/^[\w.-]+$/, "expected letters, digits, dots, dashes, underscores"),
  /** Version in the registry, for answers and logs. */
  MODEL_VERSION: z.string().min(1),
  /** Address of the package's folder. */
  MODEL_URI: z.url(),
  /** The package's digest; another package is refused. */
  MODEL_DIGEST: Digest,
});
export type Settings = z.infer<typeof Settings>;

/** The package that the settings pin. */
export function pinnedModel(settings: Settings) {
  const { MODEL_NAME: name, MODEL_VERSION: version } = settings;
  return { name, version, uri: settings.MODEL_URI, digest: settings.MODEL_DIGEST };
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
  const result = Settings.safeParse(environment);
  if (result.success) return result.data;
  throw new SettingsError(
    result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
  );
}
