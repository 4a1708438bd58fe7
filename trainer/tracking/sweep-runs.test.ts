import { expect, it } from "vitest";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { startTracker } from "../fixtures/tracker-process.ts";
import { failAbandonedRuns } from "./abandoned-runs.ts";
import { createRun } from "./create-run.ts";
import { runningRuns, searchRuns, tagOf } from "./found-run.ts";
import { experimentIdOf } from "./mlflow-experiment.ts";
import { heartbeatTag, tagsOfOwner } from "./run-owner.ts";
import { gatherTrials, sweepRun, tagsOfTrial, trialsOf } from "./sweep-runs.ts";

const start = { model: "digits", gitCommit: undefined };

async function withTracker() {
  const tracker = await startTracker(await temporaryFolder());
  const connection = { uri: tracker.uri, headers: {}, patienceMs: 5000 };
  return { connection, experimentId: await experimentIdOf(connection, "digits") };
}

it("has one open run for each sweep, though trials begin at the same moment", async () => {
  const { connection, experimentId } = await withTracker();
  const sweep = { experimentId, id: "s1" };
  await sweepRun(connection, { experimentId, id: "s2" }, start);
  await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const parent = await sweepRun(connection, sweep, start);
      const tags = tagsOfTrial("s1", index, parent.info.run_id);
      await createRun(connection, experimentId, { start, tags, name: `trial ${index}` });
    }),
  );
  const parent = await sweepRun(connection, sweep, start);
  await gatherTrials(connection, sweep, parent);

  const open = await runningRuns(connection, experimentId);
  expect(open.filter((run) => tagOf(run, "updraft.sweep") === "s1")).toHaveLength(1);
  expect(open.filter((run) => tagOf(run, "updraft.sweep") === "s2")).toHaveLength(1);
  const filter = `tags.\`mlflow.parentRunId\` = '${parent.info.run_id}'`;
  expect(await searchRuns(connection, experimentId, filter)).toHaveLength(8);
  const indexes = (await trialsOf(connection, sweep)).map(({ index }) => index);
  expect(indexes.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(await trialsOf(connection, { experimentId, id: "s2" })).toEqual([]);
});

it("closes what pods have left behind that were silent for two minutes", async () => {
  const { connection, experimentId } = await withTracker();
  const pod = { host: "training-1-x7k2p", pid: 1, startedAt: "9", pidNamespace: "pid:[2]" };
  const ages = { alive: 30_000, killed: 121_000 };
  for (const [name, age] of Object.entries(ages)) {
    await createRun(connection, experimentId, {
      start,
      name,
      tags: tagsOfOwner(pod, Date.now() - age),
    });
  }
  await createRun(connection, experimentId, {
    start,
    name: "forgotten sweep",
    tags: { "updraft.sweep": "s1", [heartbeatTag]: String(Date.now() - 3_700_000) },
  });
  await failAbandonedRuns(connection, experimentId);
  const states = (await searchRuns(connection, experimentId, "")).map((run) => [
    tagOf(run, "mlflow.runName"),
    run.info.status,
    tagOf(run, "updraft.failure"),
  ]);
  expect(states.toSorted()).toEqual([
    ["alive", "RUNNING", undefined],
    ["forgotten sweep", "FAILED", "nobody worked on it for 61 minutes"],
    ["killed", "FAILED", expect.stringContaining("has not been heard of for 2 minutes")],
  ]);
});
