import type { Config } from "./config/config.ts";

/** What the server is told of a stack's `updraft:inference`; only what is set there. */
export function servingVariables({
  corsOrigins,
  traces,
}: Pick<Config["inference"], "corsOrigins" | "traces">): Record<string, string> {
  return {
    ...(corsOrigins.length === 0 ? {} : { CORS_ORIGINS: corsOrigins.join(",") }),
    ...(traces === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: traces }),
  };
}
