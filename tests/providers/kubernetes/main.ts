import { servePlugin } from "../support/provider-server.ts";
import { KubernetesProvider } from "./provider.ts";

await servePlugin((engine) => new KubernetesProvider(engine));
