import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { pythonWith } from "./support/python.ts";
import type { ServerProcess } from "./support/process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startMlflow } from "./support/trackers.ts";
import { releaseOf, runTrainer } from "./support/updraft.ts";

const python = await pythonWith("mlflow");

const Version = z.object({
  version: z.string(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
});

describe.runIf(python)("promotions and rollbacks with a real MLflow server", () => {
  let folder: string;
  let mlflow: ServerProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    mlflow = await startMlflow(python ?? "", join(folder, "mlflow"));
  });

  afterAll(() => mlflow?.stop());

  const champion = async () => {
    const path = "registered-models/alias?name=digits&alias=champion";
    const response = await fetch(`${mlflow.url}/api/2.0/mlflow/${path}`);
    return z.object({ model_version: Version }).parse(await response.json()).model_version;
  };

  it("takes a package from behind its proxy, and moves its alias forth and back", async () => {
    const dev = { MLFLOW_TRACKING_URI: mlflow.url, TRAINER_STORE_URI: "mlflow-artifacts:/" };
    const first = releaseOf(await runTrainer(folder, dev));
    const second = releaseOf(await runTrainer(folder, dev, ["--seed", "2"]));
    expect([first.version, second.version, (await champion()).version]).toEqual(["1", "2", "2"]);

    const prod = {
      MLFLOW_TRACKING_URI: mlflow.url,
      TRAINER_STORE_URI: pathToFileURL(join(folder, "prod")).href,
      TRAINER_STACK: "prod",
      TRAINER_GATE: '{"minAccuracy": 0.3}',
    };
    const promoting = {
      ...prod,
      TRAINER_SOURCE: JSON.stringify({ stack: "dev", release: first }),
      TRAINER_SOURCE_VARIABLES: JSON.stringify({ MLFLOW_TRACKING_URI: mlflow.url }),
    };
    const promoted = releaseOf(await runTrainer(folder, promoting, [], "promote"));
    expect(promoted).toMatchObject({
      version: "1",
      digest: first.digest,
      uri: first.uri.replace("mlflow-artifacts:", prod.TRAINER_STORE_URI),
      promotedFrom: { stack: "dev", runId: first.runId },
      comparison: { version: "2", digest: second.digest },
    });
    const { version, tags } = await champion();
    expect(version).toBe("1");
    expect(Object.fromEntries(tags.map(({ key, value }) => [key, value]))).toMatchObject({
      "updraft.promotedFrom.stack": "dev",
      "updraft.promotedFrom.runId": first.runId,
    });

    const back = await runTrainer(folder, prod, ["--pin", second.digest], "rollback");
    const { metrics, gate, runId, experimentId } = second;
    expect(releaseOf(back)).toMatchObject({ version: "2", metrics, gate, runId, experimentId });
    expect((await champion()).version).toBe("2");
    expect(releaseOf(await runTrainer(folder, prod, ["--pin", "1"], "rollback"))).toMatchObject({
      version: "1",
      uri: promoted.uri,
      promotedFrom: promoted.promotedFrom,
    });
    const missing = await runTrainer(folder, prod, ["--pin", "9"], "rollback");
    expect([missing.code, missing.output]).toEqual([
      2,
      "TRAINER_PIN 9: digits has no such version in this registry; name one that it has\n",
    ]);
  });
});
