import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { describeArtifactStore } from "@updraft/contracts/artifact-store-suite";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { afterAll, beforeAll, describe } from "vitest";
import type { ServerProcess } from "./support/process.ts";
import { pythonWith } from "./support/python.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startMlflow } from "./support/trackers.ts";

const python = await pythonWith("mlflow");

describe.runIf(python)("with a real MLflow server", () => {
  let server: ServerProcess | undefined;
  beforeAll(async () => {
    server = await startMlflow(python ?? "", join(await temporaryFolder(), "mlflow"));
  });
  afterAll(() => server?.stop());

  const open = (uri: string) => openArtifactStore(uri, { MLFLOW_TRACKING_URI: server?.url });

  describeArtifactStore(
    "a store behind its proxy",
    async () => ({
      store: open(`mlflow-artifacts:/test/${randomUUID()}`),
      open,
      remove: async () => undefined,
    }),
    // It decodes a path until nothing is left to decode.
    { keepsEmptyFolders: true, refusedCharacters: /[#%]/ },
  );
});
