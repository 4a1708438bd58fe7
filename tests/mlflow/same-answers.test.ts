import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { knownDifferences, withDifferences, type Seen } from "./support/known-differences.ts";
import { pythonWith } from "./support/python.ts";
import type { ServerProcess } from "./support/process.ts";
import { runScript } from "./support/script.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startMlflow, startUpdraft } from "./support/trackers.ts";

const python = await pythonWith("mlflow");

// The same script of the same client against both servers: what it sees must be the same, but for
// what is listed with its reason.
describe.runIf(python)("a client of this tracker and of a real MLflow server", () => {
  let folder: string;
  let mlflow: ServerProcess;
  let updraft: ServerProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    [mlflow, updraft] = await Promise.all([
      startMlflow(python ?? "", join(folder, "mlflow")),
      startUpdraft(join(folder, "updraft")),
    ]);
  });

  afterAll(() => Promise.all([mlflow?.stop(), updraft?.stop()]));

  const seenAt = async (name: string, script: string, trackingUri: string) =>
    (await runScript(script, {
      python: python ?? "",
      trackingUri,
      folder: join(folder, name, script),
    })) as Seen;

  it.each(["lifecycle", "registry", "models", "prompts"] as const)(
    "sees the same: %s",
    async (script) => {
      const [theirs, ours] = await Promise.all([
        seenAt("mlflow", script, mlflow.url),
        seenAt("updraft", script, updraft.url),
      ]);
      expect(ours).toEqual(withDifferences(theirs, knownDifferences[script]));
    },
  );

  it("meets no error of the tracker's own", () => {
    expect(updraft.output()).toBe("");
  });
});
