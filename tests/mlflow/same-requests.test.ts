import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differentRequests } from "./requests/different.ts";
import { experiments, experimentSearches } from "./requests/experiments.ts";
import { loggedModels } from "./requests/logged-models.ts";
import { loggedModelSearches } from "./requests/logged-model-searches.ts";
import { registry, stages } from "./requests/registry.ts";
import { endings, registrySearches } from "./requests/registry-searches.ts";
import type { ComparedRequest } from "./requests/request.ts";
import { runBatches, runEnds } from "./requests/run-data.ts";
import { runSearches } from "./requests/run-searches.ts";
import { runs } from "./requests/runs.ts";
import { Asker, type ComparedAnswer } from "./support/ask.ts";
import type { ServerProcess } from "./support/process.ts";
import { pythonWith } from "./support/python.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startMlflow, startUpdraft } from "./support/trackers.ts";

const python = await pythonWith("mlflow");

/** Each builds on those before. */
const chapters: [string, readonly ComparedRequest[]][] = [
  ["experiments", experiments],
  ["searches of experiments", experimentSearches],
  ["runs", runs],
  ["what runs log", runBatches],
  ["how runs end", runEnds],
  ["searches of runs", runSearches],
  ["logged models", loggedModels],
  ["searches of logged models", loggedModelSearches],
  ["the registry", registry],
  ["stages", stages],
  ["searches of the registry", registrySearches],
  ["renaming and deleting", endings],
];

// The same requests, sound ones and others, of both servers: statuses, codes and bodies must be the
// same, but for what is listed with its reason.
describe.runIf(python)("this tracker and a real MLflow server", () => {
  let mlflow: ServerProcess;
  let updraft: ServerProcess;
  let theirs: Asker;
  let ours: Asker;

  beforeAll(async () => {
    const folder = await temporaryFolder();
    [mlflow, updraft] = await Promise.all([
      startMlflow(python ?? "", join(folder, "mlflow")),
      startUpdraft(join(folder, "updraft")),
    ]);
    theirs = new Asker(mlflow.url);
    ours = new Asker(updraft.url);
  });

  afterAll(() => Promise.all([mlflow?.stop(), updraft?.stop()]));

  it.each(chapters)("answer alike: %s", async (_name, requests) => {
    const differences: object[] = [];
    for (const request of requests) {
      const [their, our] = [await theirs.ask(request), await ours.ask(request)];
      if (textOf(their) !== textOf(our)) differences.push({ request, their, our });
    }
    expect(differences).toEqual([]);
  });

  it("answer otherwise only where there is a reason", async () => {
    const statuses = [];
    for (const { request } of differentRequests) {
      const [their, our] = [await theirs.ask(request), await ours.ask(request)];
      statuses.push({ request, theirs: statusOf(their), ours: statusOf(our) });
    }
    expect(statuses).toEqual(differentRequests.map(({ reason: _reason, ...others }) => others));
  });

  it("meet no error of the tracker's own", () => {
    expect(updraft.output()).toBe("");
  });
});

/** What is compared: a message is for people, and names its rule in the server's own words. */
function textOf({ message: _message, ...answer }: ComparedAnswer): string {
  return JSON.stringify(answer);
}

function statusOf({ status, code }: ComparedAnswer): string {
  return code === undefined ? String(status) : `${status} ${code}`;
}
