import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failedRun, failureIn } from "./failed-run.ts";
import { recordedHistory, recordedState } from "./fixtures/recorded.ts";

const update = { startedAt: "2026-11-29T14:16:30.000Z", endedAt: "2026-11-29T14:17:11.000Z" };
const page = "http://127.0.0.1:5000/runs/";

function answer(status = "FAILED", startedAt = "2026-11-29T14:16:40.000Z") {
  const tags = [{ key: "updraft.failure", value: "the gate failed" }];
  const info = { run_id: "run-3", status, start_time: Date.parse(startedAt) };
  return { runs: [{ info, data: { tags } }] };
}

describe("failureIn", () => {
  it("is the reason that the run of the update gives", () => {
    expect(failureIn(answer(), update, page)).toEqual({
      runId: "run-3",
      url: `${page}run-3`,
      message: "the gate failed",
    });
  });

  it.each([
    ["a run that ended well", answer("FINISHED")],
    ["a run from before the update", answer("FAILED", "2026-11-29T14:00:00.000Z")],
    ["a run from after it", answer("FAILED", "2026-11-29T14:20:00.000Z")],
    ["no run", { runs: [] }],
    ["no answer", undefined],
  ])("is nothing of %s", (_, given) => {
    expect(failureIn(given, update, page)).toBeUndefined();
  });
});

describe("failedRun", () => {
  let server: Server;
  let asked: unknown[];
  let trackerUrl: string;

  beforeEach(async () => {
    asked = [];
    server = createServer(async (request, response) => {
      asked.push({ url: request.url, body: await json(request) });
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    trackerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const failed = () => ({
    ...recordedState("gate-failed"),
    trackerUrl,
    runUrl: `${trackerUrl}/runs/run-2`,
  });

  it("asks the stack's tracker for the newest run of its experiment", async () => {
    const found = await failedRun(failed(), recordedHistory("gate-failed"));
    expect(found).toMatchObject({ url: `${trackerUrl}/runs/run-3`, message: "the gate failed" });
    expect(asked).toEqual([
      {
        url: "/api/2.0/mlflow/runs/search",
        body: {
          experiment_ids: ["1"],
          order_by: ["attributes.start_time DESC"],
          max_results: 1,
        },
      },
    ]);
  });

  it("asks nobody where the last update succeeded, or the tracker serves others too", async () => {
    expect(await failedRun(failed(), recordedHistory("second"))).toBeUndefined();
    const shared = { ...failed(), runUrl: `${trackerUrl}/#/experiments/1/runs/run-2` };
    expect(await failedRun(shared, recordedHistory("gate-failed"))).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it("does without a tracker that cannot be reached", async () => {
    const gone = {
      ...failed(),
      trackerUrl: "http://127.0.0.1:1",
      runUrl: "http://127.0.0.1:1/runs/a",
    };
    expect(await failedRun(gone, recordedHistory("gate-failed"))).toBeUndefined();
  });
});
