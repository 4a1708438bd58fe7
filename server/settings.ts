import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";

/** The server's settings, by the names of their variables. */
export const Settings = z.object({
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
  DRAIN_SECONDS: z.coerce.number().min(0).default(10),
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
