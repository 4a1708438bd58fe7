import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";
import { browserPath, openPage, startBrowser, type WatchedPage } from "./browser-under-test.ts";

let tracker: TrackerUnderTest;
let browser: Browser;
let watched: WatchedPage;
let runId: string;

const evil = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
const digest = `sha256:${"ab12cd34".repeat(8)}`;
const root = `models/digits/${"ab12cd34".repeat(8)}`;

const rule = (verdict: "passed" | "failed", value: number) => ({
  rule: "minAccuracy",
  value,
  limit: 0.97,
  verdict,
  reason: `accuracy is ${value}; the rule is at least 0.97`,
});

async function put(path: string, content: string | object): Promise<void> {
  const body = typeof content === "string" ? content : JSON.stringify(content);
  const address = `${tracker.url}/api/2.0/mlflow-artifacts/artifacts/${path}`;
  const { status } = await fetch(address, { method: "PUT", body });
  if (status !== 200) throw new Error(`${path} was answered with ${status}`);
}

async function newRun(name: string, status: "RUNNING" | "FAILED"): Promise<string> {
  const { info } = await tracker.store.runs.create({
    experiment_id: "0",
    run_name: name,
    user_id: "ada",
    start_time: Date.now() - 60_000,
    tags: [],
  });
  if (status === "FAILED") {
    await tracker.store.runs.update(info.run_id, { status, end_time: Date.now() });
  }
  return info.run_id;
}

function log(run: string, from: number, to: number): Promise<void> {
  const steps = Array.from({ length: to - from }, (_, offset) => from + offset);
  const metrics = steps.map((step) => ({
    key: "loss",
    value: 1 / (step + 1),
    timestamp: 1_760_000_000_000 + step * 1000,
    step,
  }));
  return tracker.store.runs.log(run, { metrics, params: [], tags: [] });
}

/** A run that the gate refused, with files of every kind. */
async function fillRun(): Promise<string> {
  const id = await newRun("calm-heron-1", "FAILED");
  await log(id, 0, 20);
  await tracker.call("POST", "/runs/log-batch", {
    run_id: id,
    params: [{ key: "epochs", value: evil }],
    tags: [
      { key: "updraft.gate", value: "failed" },
      {
        key: "updraft.gate.table",
        value: "rule  value  limit  verdict\nminAccuracy  0.9  0.97  failed",
      },
      { key: "updraft.failure", value: `accuracy is 0.9 ${evil}` },
    ],
  });
  const artifacts = `0/${id}/artifacts`;
  await put(`${artifacts}/report.json`, { accuracy: 0.9 });
  await put(`${artifacts}/table.csv`, 'name,note\nada,"one, two"\n');
  await put(
    `${artifacts}/plots/curve.svg`,
    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(3)</script></svg>`,
  );
  await put(`${artifacts}/model.bin`, "\u0000\u0001");
  await put(`${artifacts}/notes.txt`, evil);
  return id;
}

/** As plots are written: with styles, clips and pictures that are in them. */
const rocPicture = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="30" height="20" viewBox="0 0 30 20"><style>text { font-weight: 600 }</style><defs><clipPath id="clip0"><rect width="30" height="20"/></clipPath></defs><g clip-path="url(#clip0)"><image xlink:href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==" width="9" height="9"/></g></svg>`;

/** A model as the trainer leaves it: a version that was refused and one that serves. */
async function fillModel(): Promise<void> {
  const { call } = tracker;
  const report = { verdict: "passed", rules: [rule("passed", 0.99)] };
  await put(`${root}/card.json`, {
    createdAt: "2026-11-21T04:13:05Z",
    metrics: { accuracy: 0.99 },
    gate: report,
    lineage: { runId, datasetDigest: digest, codeDigest: digest, gitCommit: "c0ffee00", seed: 1 },
  });
  await put(`${root}/signature.json`, {});
  await put(`${root}/evaluation/confusion-matrix.json`, {
    labels: ["a", "b"],
    counts: [
      [7, 1],
      [0, 9],
    ],
  });
  await put(`${root}/evaluation/per-class.json`, [
    { label: "a", precision: 1, recall: 0.875, f1: 0.933, support: 8 },
  ]);
  await put(`${root}/evaluation/worst-mistakes.json`, [
    { index: 3, truth: "a", answer: "b", probability: 0.93, truthProbability: 0.05 },
  ]);
  await put(
    `${root}/evaluation/worst-mistakes.svg`,
    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`,
  );
  await put(`${root}/evaluation/roc.svg`, rocPicture);
  await call("POST", "/registered-models/create", { name: "digits", description: evil });
  await call("POST", "/model-versions/create", {
    name: "digits",
    source: `mlflow-artifacts:/models/digits/none`,
    run_id: runId,
    tags: [{ key: "updraft.gate", value: "failed" }],
  });
  await call("POST", "/model-versions/create", {
    name: "digits",
    source: `mlflow-artifacts:/${root}`,
    run_id: await newRun("early-robin-3", "FAILED"),
    tags: [
      { key: "updraft.gate", value: "passed" },
      { key: "updraft.digest", value: digest },
    ],
  });
  await call("POST", "/registered-models/alias", {
    name: "digits",
    alias: "champion",
    version: "1",
  });
  await call("POST", "/registered-models/create", { name: "foreign" });
  await call("POST", "/model-versions/create", { name: "foreign", source: "s3://bucket/model" });
}

async function open(path: string, options?: Parameters<typeof openPage>[2]): Promise<Page> {
  watched = await openPage(browser, tracker.url, options);
  await watched.page.goto(`${tracker.url}${path}`);
  return watched.page;
}

const suite = browserPath ? describe : describe.skip;

suite("the page of a run and of models in a browser", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    tracker = await startTracker();
    browser = await startBrowser();
    runId = await fillRun();
    await fillModel();
  }, 120_000);

  afterEach(async () => {
    await watched.page.context().close();
    if (watched.complaints.length > 0) throw new Error(watched.complaints.join("\n"));
  });

  afterAll(async () => {
    await browser?.close();
    await tracker?.stop();
  });

  it("shows why a run ended, what the gate said, and whatever was logged as text", async () => {
    const page = await open(`/runs/${runId}`);

    const failure = page.locator(".failure");
    expect(await failure.textContent()).toContain(`accuracy is 0.9 ${evil}`);
    const gate = page.getByRole("row", { name: /minAccuracy/ });
    expect(await gate.textContent()).toMatch(/0\.9000\s*≥\s*0\.9700\s*failed/);
    expect(await page.getByRole("table", { name: "Parameters" }).textContent()).toContain(evil);
    await page
      .getByRole("img", { name: /^loss\. .*latest 0\.0500/ })
      .locator("canvas")
      .waitFor();
  });

  it("draws the curves of a run while it goes on, and asks for nothing but what is new", async () => {
    const live = await newRun("lively-crow-2", "RUNNING");
    await log(live, 0, 10);
    const page = await open(`/runs/${live}`);
    await page
      .getByRole("img", { name: /^loss\. .*latest 0\.1000,/ })
      .locator("canvas")
      .waitFor();
    expect(await page.locator(".live").textContent()).toBe("live");

    await log(live, 10, 20);
    await page.getByRole("img", { name: /latest 0\.0500,/ }).waitFor();
    const asked = watched.calls.filter(({ path }) => path.endsWith("/metrics/series"));
    expect(Object.keys(JSON.parse(asked.at(-1)?.sent ?? "").runs[0].cursors)).toEqual(["loss"]);
    await tracker.store.runs.update(live, { status: "FINISHED", end_time: Date.now() });
    await expect.poll(() => page.locator(".live").count(), { timeout: 15_000 }).toBe(0);
    await expect.poll(() => page.locator(".page-head .badge").textContent()).toBe("finished");
    const calls = watched.calls.length;
    await page.waitForTimeout(3000);
    expect(watched.calls.length).toBe(calls);
  });

  it("shows files of every kind, and runs nothing that is in them", async () => {
    const page = await open(`/runs/${runId}?tab=artifacts`);
    const preview = page.locator(".preview");
    await page.getByRole("link", { name: /report\.json/ }).click();
    await expect.poll(() => preview.locator("pre").textContent()).toBe('{\n  "accuracy": 0.9\n}');
    expect(new URL(page.url()).searchParams.get("file")).toBe("report.json");
    await page.getByRole("link", { name: /table\.csv/ }).click();
    await expect
      .poll(() => preview.getByRole("cell").allTextContents())
      .toEqual(["ada", "one, two"]);
    await page.getByText("plots").click();
    await page.getByRole("link", { name: /curve\.svg/ }).click();
    await preview.getByRole("img").waitFor();
    await page.getByRole("link", { name: /notes\.txt/ }).click();
    await expect.poll(() => preview.locator("pre").textContent()).toBe(evil);
    await page.getByRole("link", { name: /model\.bin/ }).click();
    await preview.getByText("There is no preview of this kind of file.").waitFor();
    const download = page.waitForEvent("download");
    await preview.getByRole("link", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toBe("model.bin");
  });

  it("shows the files of a model that the run logged apart from its own", async () => {
    const { body } = await tracker.call("POST", "/logged-models", {
      experiment_id: "0",
      name: "classifier",
      source_run_id: runId,
    });
    const { model_id } = (body.model as { info: { model_id: string } }).info;
    await tracker.call("POST", "/runs/outputs", { run_id: runId, models: [{ model_id, step: 0 }] });
    await put(`0/models/${model_id}/artifacts/MLmodel`, "flavors: {}");
    const page = await open(`/runs/${runId}?tab=artifacts`);

    const model = page.locator("section", { hasText: "Model classifier" });
    await model.getByRole("link", { name: "MLmodel" }).click();
    await expect.poll(() => model.locator("pre").textContent()).toBe("flavors: {}");
  });

  it("renames a run, sets and removes its tags, and keeps notes", async () => {
    const id = await newRun("old-name", "FAILED");
    const page = await open(`/runs/${id}`);
    await page.getByRole("button", { name: "Rename the run" }).click();
    await page.getByRole("textbox", { name: "Name of the run" }).fill("new-name");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("h1").textContent()).toContain("new-name");
    await page.getByRole("button", { name: "Add a tag" }).click();
    await page.getByRole("textbox", { name: "Name of the tag" }).fill("team");
    await page.getByRole("textbox", { name: "Value of the tag" }).fill("vision");
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /team vision/ }).waitFor();
    await page.getByRole("button", { name: "Add notes" }).click();
    await page.getByRole("textbox", { name: "Notes, in Markdown" }).fill("# Why\nA try.");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => page.locator("p.written").textContent()).toBe("# Why\nA try.");
    await page.getByRole("row", { name: /team vision/ }).hover();
    await page.getByRole("button", { name: "Remove the tag team" }).click();
    await expect.poll(() => page.getByRole("row", { name: /team vision/ }).count()).toBe(0);

    const { info, data } = await tracker.store.runs.get(id);
    expect(info.run_name).toBe("new-name");
    expect(data.tags).toContainEqual({ key: "mlflow.note.content", value: "# Why\nA try." });
  });

  it("moves an alias after it has said what that does", async () => {
    const page = await open("/models/digits");
    await page.getByRole("combobox", { name: "Version" }).selectOption("2");
    await page.getByRole("button", { name: "Promote …" }).click();
    const dialog = page.getByRole("dialog", { name: "Point @champion to version 2?" });
    expect(await dialog.getByRole("row", { name: /^Now/ }).textContent()).toMatch(
      /version 1.*failed/s,
    );
    expect(await dialog.getByRole("row", { name: /^Then/ }).textContent()).toMatch(
      /ab12cd34ab12.*passed/s,
    );
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect((await tracker.store.aliases.get("digits", "champion")).version).toBe("1");

    await page.getByRole("button", { name: "Promote …" }).click();
    await dialog.getByRole("button", { name: "Promote" }).click();
    await expect.poll(() => page.locator(".span.current").textContent()).toBe("v2");
    expect((await tracker.store.aliases.get("digits", "champion")).version).toBe("2");
    const row = page.getByRole("row", { name: /@champion v1 v2 passed ab12cd34ab12 browser/ });
    await row.waitFor();
  });

  it("shows of each version what the gate said, and every promotion of all models", async () => {
    const page = await open("/models/digits");
    const gate = page.getByRole("region", { name: "Gate by version" });
    await expect
      .poll(() => gate.getByRole("row", { name: /minAccuracy/ }).textContent())
      .toMatch(/0\.9700\s*0\.9900/);
    const events = page.getByRole("region", { name: "Timeline of versions" }).locator(".event");
    expect(await events.allTextContents()).toEqual(["v1", "v2"]);

    await page.getByRole("link", { name: "Promotions" }).click();
    await page.getByRole("row", { name: /digits @champion – v1/ }).waitFor();
  });

  it("shows where a version comes from, how well it does, and how to load it", async () => {
    const page = await open("/models/digits/versions/2");
    const steps = page.locator(".lineage li");
    await expect.poll(() => steps.allTextContents()).toHaveLength(7);
    expect((await steps.allTextContents()).map((text) => text.replace(/\s+/g, " ").trim())).toEqual(
      [
        "Commit c0ffee00",
        "Code ab12cd34ab12",
        "Dataset ab12cd34ab12",
        `Run ${runId.slice(0, 12)}`,
        "Package ab12cd34ab12",
        "Version 2",
        "Serves as @champion",
      ],
    );
    const roc = page.getByRole("img", { name: "ROC" });
    await roc.scrollIntoViewIfNeeded();
    const width = () => roc.evaluate((image): unknown => Reflect.get(image, "naturalWidth"));
    await expect.poll(width).toBe(30);
    const matrix = page.getByRole("region", { name: "Confusion matrix" });
    expect(await matrix.getByRole("cell", { name: "7" }).getAttribute("title")).toBe(
      "a taken for a: 7",
    );
    await page.getByRole("row", { name: /^3 a b 93\.0 % 5\.0 %$/ }).waitFor();
    await page.getByAltText(/most sure about/).waitFor();
    const code = await page.getByLabel("Code: Download").textContent();
    expect(code).toContain('mlflow.artifacts.download_artifacts("models:/digits@champion")');
    expect(await page.getByLabel("Code: Serve").textContent()).toContain(`MODEL_DIGEST=${digest}`);
  });

  it("leaves out what the version of another client lacks", async () => {
    const page = await open("/models/foreign/versions/1");
    await page.getByLabel("Code: Download").waitFor();

    expect(await page.locator("h2").allTextContents()).toEqual(["Lineage", "Load it", "Tags"]);
  });

  it.each([
    ["#/experiments/0", "/experiments/0"],
    ["#/models/digits/versions/2", "/models/digits/versions/2"],
    ["#/models/digits", "/models/digits"],
  ])("leads from MLflow's address %s to %s", async (fragment, path) => {
    const page = await open(`/${fragment}`);
    await page.locator("h1").waitFor();

    expect(new URL(page.url()).pathname).toBe(path);
  });

  it("leads from the address that MLflow's client prints to the run", async () => {
    const page = await open(`/#/experiments/0/runs/${runId}`);

    await expect.poll(() => page.locator("h1").textContent()).toContain("calm-heron-1");
    expect(page.url()).toBe(`${tracker.url}/runs/${runId}`);
  });

  it("says what is not there, and keeps the way home", async () => {
    const page = await open("/runs/nope", { expected: [404] });

    await page.getByRole("heading", { name: "Not here" }).waitFor();
    await page.getByText("Run with id=nope not found.").waitFor();
    await page.getByRole("link", { name: "To the experiments" }).click();
    await expect.poll(() => page.locator("h1").textContent()).toBe("Experiments");
  });

  it("fits on a phone without scrolling sideways", async () => {
    const page = await open("/", { viewport: { width: 360, height: 740 }, hasTouch: true });
    for (const path of [
      `/runs/${runId}`,
      `/runs/${runId}?tab=artifacts&file=report.json`,
      "/models",
      "/models/digits",
      "/models/digits/versions/2",
      "/promotions",
    ]) {
      await page.goto(`${tracker.url}${path}`, { waitUntil: "networkidle" });
      const width = await page.evaluate("document.documentElement.scrollWidth");
      expect([path, width]).toEqual([path, 360]);
    }
  });
});
