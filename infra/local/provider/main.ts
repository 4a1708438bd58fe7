import { main } from "@pulumi/pulumi/provider/index.js";
import { createEngineLog } from "./engine-log.ts";
import { folderHandler } from "./folder-handler.ts";
import { kindClusterHandler } from "./kind-cluster-handler.ts";
import { createProvider } from "./provider.ts";
import { secretFileHandler } from "./secret-file-handler.ts";
import { serviceHandler } from "./service-handler.ts";
import { taskHandler } from "./task-handler.ts";

const args = process.argv.slice(2);
const provider = createProvider({
  log: createEngineLog(args.at(-1) ?? ""),
  handlers: {
    "updraft:local:Folder": folderHandler,
    "updraft:local:KindCluster": kindClusterHandler(),
    "updraft:local:SecretFile": secretFileHandler,
    "updraft:local:Service": serviceHandler,
    "updraft:local:Task": taskHandler,
  },
});

// The engine holds the other end of our standard input: its end is the engine's death, and then
// nothing that was started for this update may go on.
process.stdin.resume();
process.stdin.once("end", () => {
  void provider.cancel().finally(() => process.exit(1));
});

await main(provider, args);
