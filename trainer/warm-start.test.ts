import { readPackage } from "@updraft/contracts/model-package";
import { expect, it } from "vitest";
import { smallData, trackedEnvironment } from "./fixtures/environment.ts";
import { runsOf } from "./fixtures/tracker-process.ts";

it("begins with the version that serves, which becomes an input of the package", async () => {
  const environment = await trackedEnvironment(await smallData(), {
    TRAINER_HYPERPARAMETERS: '{"filters": 4, "units": 16, "batchSize": 32, "epochs": 2}',
    TRAINER_GATE: '{"minAccuracy": 0.01}',
  });
  const warm = ["--warm-start", "champion", "--seed", "2"];
  const planned = async () => JSON.parse((await environment.run(["plan", ...warm])).stdout);
  expect((await planned()).warmStart).toBeNull();
  const first = await environment.run(["train", "--warm-start", "champion"]);
  expect(first.stdout).toContain(
    "no version of digits serves yet: the training begins with chance",
  );
  if (first.outcome?.status !== "released") throw new Error(first.stderr);
  const { version, digest } = first.outcome.release;
  expect((await planned()).warmStart).toEqual({ version, digest });

  const second = await environment.run(["train", ...warm]);
  expect(second.stdout).toMatch(/^begins with (\d+) of \1 weights of version 1$/m);
  if (second.outcome?.status !== "released") throw new Error(second.stderr);
  const { lineage, uri, digest: warmDigest } = second.outcome.release;
  expect(lineage?.warmStart).toEqual({ version, digest });
  expect((await readPackage(uri, warmDigest)).card.lineage.warmStart).toEqual({ version, digest });
  const [run] = await runsOf(environment.tracker);
  expect(run?.tags).toMatchObject({
    "updraft.warmStart.version": version,
    "updraft.warmStart.digest": digest,
  });
  const cold = await environment.release(["train", "--seed", "2"]);
  expect(cold.digest).not.toBe(warmDigest);
  expect(cold.lineage?.warmStart).toBeUndefined();
});
