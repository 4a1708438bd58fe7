import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeEach(async () => {
  tracker = await startTracker();
});
afterEach(() => tracker.stop());

const evil = `<script>alert("1")</script>`;
const escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;";

interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly markup: string;
  /** What a reader sees, one space between words. */
  readonly text: string;
}

async function page(path: string): Promise<Page> {
  const { status, headers, ...response } = await fetchPage(path);
  const markup = response.markup;
  const text = markup.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
  return { status, headers, markup, text };
}

async function fetchPage(path: string) {
  const response = await fetch(`${tracker.url}${path}`);
  return { status: response.status, headers: response.headers, markup: await response.text() };
}

/** A run that the gate refused, with an evaluation and a version. */
async function refusedRun(): Promise<string> {
  const { call } = tracker;
  await call("POST", "/experiments/create", { name: "digits" });
  const { body } = await call("POST", "/runs/create", {
    experiment_id: "1",
    run_name: "calm-heron-1",
    start_time: Date.now() - 40_000,
    tags: [
      { key: "updraft.gate", value: "failed" },
      { key: "updraft.gate.table", value: "rule         value\nminAccuracy  0.9" },
      { key: "updraft.failure", value: `accuracy 0.9 is below 0.98 ${evil}` },
      { key: "updraft.datasetDigest", value: `sha256:${"ab12cd34".repeat(8)}` },
    ],
  });
  const { run_id } = (body.run as { info: { run_id: string } }).info;
  await call("POST", "/runs/log-batch", {
    run_id,
    metrics: [{ key: "accuracy", value: 0.9, timestamp: 1, step: 7 }],
    params: [{ key: "epochs", value: evil }],
  });
  const artifacts = `${tracker.url}/api/2.0/mlflow-artifacts/artifacts/1/${run_id}/artifacts`;
  for (const name of ["evaluation/loss-curve.svg", "evaluation/report.json"]) {
    await fetch(`${artifacts}/${name}`, { method: "PUT", body: "<svg/>" });
  }
  await call("POST", "/runs/update", { run_id, status: "FAILED", end_time: Date.now() });
  await call("POST", "/registered-models/create", { name: "digits", description: evil });
  await call("POST", "/model-versions/create", { name: "digits", source: "file:///a", run_id });
  await call("POST", "/registered-models/alias", {
    name: "digits",
    alias: "challenger",
    version: "1",
  });
  return run_id;
}

describe("the overview", () => {
  it("says so when there is nothing yet", async () => {
    const { status, text } = await page("/");

    expect(status).toBe(200);
    expect(text).toContain("No model is registered yet.");
    expect(text).toContain("Default No runs yet.");
  });

  it("shows models with their versions, and experiments with their runs", async () => {
    const runId = await refusedRun();

    const { markup, text } = await page("/");

    expect(text).toContain("1 challenger – 0.9000 – calm-heron-1 just now");
    expect(text).toContain(
      `calm-heron-1 failed failed just now 40 s 0.9000 ab12cd34ab12 accuracy 0.9 is below 0.98 ${escaped}`,
    );
    expect(markup).toContain(`href="/runs/${runId}"`);
    expect(text).not.toContain("Default");
    expect(markup).not.toContain("http-equiv");
  });

  it("is fetched again while a run goes on", async () => {
    await tracker.newRun();

    expect((await page("/")).markup).toContain('<meta http-equiv="refresh" content="10" />');
  });
});

describe("every page", () => {
  it("runs no scripts and loads nothing from elsewhere, whatever was logged", async () => {
    const runId = await refusedRun();

    for (const path of ["/", `/runs/${runId}`, "/models/digits", "/experiments/1", "/runs/x"]) {
      const { headers, markup } = await page(path);
      expect(headers.get("Content-Security-Policy")).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(markup).not.toContain("<script");
      expect(markup).not.toMatch(/(?:src|href)="(?!\/|#|data:,)/);
    }
  });
});

describe("a run's page", () => {
  it("shows why it ended, what it was given, what it reached and what it left behind", async () => {
    const runId = await refusedRun();

    const { markup, text } = await page(`/runs/${runId}`);

    expect(text).toContain(`Not released accuracy 0.9 is below 0.98 ${escaped}`);
    expect(text).toContain("Gate rule value minAccuracy 0.9");
    expect(text).toContain("accuracy 0.9000 7");
    expect(text).toContain(`epochs ${escaped}`);
    expect(text).toContain("evaluation/report.json 6 B");
    const address = `/api/2.0/mlflow-artifacts/artifacts/1/${runId}/artifacts/evaluation/loss-curve.svg`;
    expect(markup).toContain(`<img src="${address}" alt="loss curve"`);
    expect((await fetch(`${tracker.url}${address}`)).headers.get("Content-Type")).toMatch("svg");
  });

  it("says in HTML that there is no such run", async () => {
    const { status, headers, text } = await page("/runs/nope");

    expect([status, headers.get("Content-Type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect(text).toContain("Run with id=nope not found.");
  });
});

describe("a model's page", () => {
  it("shows its versions, its aliases and how they moved", async () => {
    await refusedRun();
    await tracker.call("DELETE", "/registered-models/alias", {
      name: "digits",
      alias: "challenger",
    });

    const { text } = await page("/models/digits");

    expect(text).toContain("1 – – 0.9000 – calm-heron-1 just now");
    expect(text).toContain("just now challenger version 1 removed – node");
    expect(text).toContain("just now challenger – version 1 failed node");
  });

  it("shows versions whose run is not here", async () => {
    const { call } = tracker;
    await call("POST", "/registered-models/create", { name: "a b" });
    const run_id = "0".repeat(32);
    await call("POST", "/model-versions/create", { name: "a b", source: "s3://x/y", run_id });

    expect((await page("/models/a%20b")).text).toContain("1 – – – – – just now");
  });
});

describe("an experiment's page", () => {
  it("shows a hundred runs, and the way to older ones", async () => {
    for (let index = 0; index < 101; index += 1) {
      await tracker.store.runs.create({
        experiment_id: "0",
        run_name: `run-${index}.`,
        user_id: "",
        start_time: index,
        tags: [],
      });
    }

    const first = await page("/experiments/0");
    const older = /href="(\/experiments\/0\?page_token=[^"]+)"/.exec(first.markup)?.[1] ?? "";
    const second = await page(older);

    expect(first.text).toContain("run-100.");
    expect(first.text).not.toContain("run-0.");
    expect(second.text).toContain("run-0.");
    expect(second.text).not.toContain("run-1.");
    expect((await page("/experiments/0?page_token=x")).status).toBe(400);
  });
});
