import { expect, it } from "vitest";
import { servingVariables } from "./serving-variables.ts";

it.each([
  [{ corsOrigins: [] }, {}],
  [
    { corsOrigins: ["https://app.example.com", "http://localhost:3000"] },
    { CORS_ORIGINS: "https://app.example.com,http://localhost:3000" },
  ],
  [
    { corsOrigins: [], traces: "http://collector:4318" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" },
  ],
])("%j is what the server knows as %j", (settings, variables) => {
  expect(servingVariables(settings)).toEqual(variables);
});
