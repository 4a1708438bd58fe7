import { servePlugin } from "../support/provider-server.ts";
import { createRandomProvider } from "./random-provider.ts";

await servePlugin(createRandomProvider);
