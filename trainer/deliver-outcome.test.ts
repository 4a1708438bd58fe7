import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "@updraft/contracts/digest";
import { Outcome } from "@updraft/contracts/release";
import { expect, it } from "vitest";
import { deliverOutcome } from "./deliver-outcome.ts";
import { startKubeApi } from "./fixtures/kube-api.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const digest = digestOf("package");
const released: Outcome = {
  status: "released",
  release: {
    model: "digits",
    version: "3",
    digest,
    uri: "s3://updraft/models/digits/1",
    runId: "r1",
    datasetDigest: digestOf("data"),
    metrics: {},
    gate: { verdict: "passed", rules: [] },
  },
};
const failed: Outcome = {
  status: "failed",
  failure: { exitCode: 4, message: "the gate failed\nrule  value", runId: "r1" },
};

async function inPod() {
  const folder = await temporaryFolder();
  const api = await startKubeApi();
  const file = join(folder, "outcome.json");
  const terminationLog = join(folder, "termination-log");
  const places = { file, configMap: "training-1-release", terminationLog };
  const written = async () => ({
    file: Outcome.parse(JSON.parse(await readFile(file, "utf8"))),
    termination: await readFile(terminationLog, "utf8").catch(() => undefined),
    configMaps: api.configMaps.size,
  });
  const deliver = (outcome: Outcome, changes: Partial<typeof places> = {}) => {
    const options = { variables: api.variables, patienceMs: 1000 };
    return deliverOutcome(outcome, { ...places, ...changes }, options);
  };
  return { folder, api, deliver, written };
}

it("writes a release to file and ConfigMap, and no termination message", async () => {
  const { deliver, written } = await inPod();
  expect(await deliver(released)).toEqual(released);
  expect(await written()).toEqual({ file: released, termination: undefined, configMaps: 1 });
});

it("writes a failure to all three", async () => {
  const { deliver, written } = await inPod();
  expect(await deliver(failed)).toEqual(failed);
  const termination = "the gate failed\nrule  value";
  expect(await written()).toEqual({ file: failed, termination, configMaps: 1 });
});

it("fails a release that nobody can be told about, and says that it is there", async () => {
  const { api, deliver, written } = await inPod();
  api.answerNext({ status: 403, message: "no" });
  const outcome = await deliver(released);
  expect(outcome).toMatchObject({ failure: { exitCode: 1, runId: "r1" } });
  const { file, termination } = await written();
  expect(file).toEqual(outcome);
  expect(termination).toMatch(
    /^digits version 3 \(sha256:[0-9a-f]{64}\) is released, but the outcome cannot be written to the ConfigMap training-1-release in namespace updraft-dev: .* 403: no; let .*\nrun it again: the same settings find the same version$/,
  );
});

it("keeps the exit code of a failure, and adds what could not be written", async () => {
  const { api, folder, deliver, written } = await inPod();
  api.answerNext({ status: 403, message: "no" });
  const terminationLog = join(folder, "missing", "log");
  expect(await deliver(failed, { terminationLog })).toMatchObject({
    failure: {
      exitCode: 4,
      message: expect.stringMatching(
        /^the gate failed\nrule {2}value\nthe outcome cannot be written to .*\nthe termination message cannot be written to .*missing.log \(TRAINER_TERMINATION_LOG\): ENOENT/,
      ),
    },
  });
  expect((await written()).file).toMatchObject({ failure: { exitCode: 4 } });
});

it("writes nothing where nothing is named", async () => {
  const nowhere = { file: undefined, configMap: undefined, terminationLog: undefined };
  expect(await deliverOutcome(failed, nowhere, { variables: {}, patienceMs: 1 })).toEqual(failed);
});
