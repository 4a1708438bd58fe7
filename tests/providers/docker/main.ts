import { servePlugin } from "../support/provider-server.ts";
import { createDockerProvider } from "./docker-provider.ts";

await servePlugin(createDockerProvider);
