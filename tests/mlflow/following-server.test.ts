import { join } from "node:path";
import { freePort } from "@updraft/contracts/free-port";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { startServer, type ServerProcess } from "./support/process.ts";
import { pythonWith } from "./support/python.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startMlflow } from "./support/trackers.ts";
import { releaseOf, runTrainer } from "./support/updraft.ts";

const python = await pythonWith("mlflow");
const main = join(import.meta.dirname, "../../server/main.ts");

describe.runIf(python)("a server that follows a real MLflow registry", () => {
  let folder: string;
  let mlflow: ServerProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    mlflow = await startMlflow(python ?? "", join(folder, "mlflow"));
  });

  afterAll(() => mlflow?.stop());

  it("waits for the first champion, serves it, and then the next one", async () => {
    const tracking = { MLFLOW_TRACKING_URI: mlflow.url };
    const port = await freePort();
    const server = await startServer({
      command: process.execPath,
      args: [main],
      variables: {
        ...tracking,
        PORT: String(port),
        MODEL_NAME: "digits",
        MODEL_ALIAS: "champion",
        MODEL_POLL_SECONDS: "0.2",
      },
      port,
      healthPath: "/health",
    });
    onTestFinished(() => server.stop());
    expect((await fetch(`${server.url}/ready`)).status).toBe(503);
    const served = async () => {
      const { version, digest } = (await (await fetch(`${server.url}/model/info`)).json()) as {
        version: string;
        digest: string;
      };
      return { version, digest };
    };
    const variables = { ...tracking, TRAINER_STORE_URI: "mlflow-artifacts:/" };
    const digests: string[] = [];
    for (const seed of ["1", "2"]) {
      const trained = await runTrainer(join(folder, seed), { ...variables, TRAINER_SEED: seed });
      const { version, digest } = releaseOf(trained);
      await vi.waitFor(async () => expect(await served()).toEqual({ version, digest }), 20_000);
      digests.push(digest);
    }
    expect(new Set(digests).size).toBe(2);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });
});
