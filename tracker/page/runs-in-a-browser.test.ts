import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";
import { browserPath, openPage, startBrowser, type WatchedPage } from "./browser-under-test.ts";

/** Runs of the large experiment, so many that no browser could draw them all. */
const manyRuns = 5000;
const begin = 1_760_000_000_000;

let tracker: TrackerUnderTest;
let browser: Browser;
let watched: WatchedPage;
/** The experiment of many runs, and one of a few whose curves are long. */
let many: string;
let few: string;
let fewRuns: string[];

async function newExperiment(name: string): Promise<string> {
  const { body } = await tracker.call("POST", "/experiments/create", { name });
  return body.experiment_id as string;
}

async function addRun(experiment_id: string, index: number, steps: number): Promise<string> {
  const { runs } = tracker.store;
  const { info } = await runs.create({
    experiment_id,
    run_name: `run-${String(index).padStart(4, "0")}`,
    user_id: "ada",
    start_time: begin + index * 1000,
    tags: [{ key: "updraft.gate", value: index % 3 === 0 ? "failed" : "passed" }],
  });
  const metrics = Array.from({ length: steps }, (_, step) => [
    { key: "accuracy", value: index / 1e4 + step / 1e6, timestamp: begin + step, step },
    { key: "loss", value: 1 / (step + 1), timestamp: begin + step, step },
  ]).flat();
  const params = [
    { key: "epochs", value: String(index % 4) },
    { key: "seed", value: "1" },
  ];
  await runs.log(info.run_id, { metrics, params, tags: [] });
  await runs.update(info.run_id, { status: "FINISHED", end_time: begin + index * 1000 + index });
  return info.run_id;
}

async function addRuns(experiment: string, count: number): Promise<void> {
  for (let first = 0; first < count; first += 100) {
    const indices = Array.from({ length: 100 }, (_, offset) => first + offset);
    await Promise.all(indices.map((index) => addRun(experiment, index, 1)));
  }
}

async function open(path: string, options?: Parameters<typeof openPage>[2]): Promise<Page> {
  watched = await openPage(browser, tracker.url, options);
  await watched.page.goto(`${tracker.url}${path}`);
  return watched.page;
}

/** Names of the runs that are drawn, from above. */
function names(page: Page): Promise<string[]> {
  return page.locator(".grid-row a.main").allTextContents();
}

const suite = browserPath ? describe : describe.skip;

suite("the page of runs in a browser", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    tracker = await startTracker();
    browser = await startBrowser();
    many = await newExperiment("many");
    few = await newExperiment("few");
    await addRuns(many, manyRuns);
    fewRuns = [];
    for (const index of [0, 1, 2]) fewRuns.push(await addRun(few, index, 50));
  }, 240_000);

  afterEach(async () => {
    await watched.page.context().close();
    if (watched.complaints.length > 0) throw new Error(watched.complaints.join("\n"));
  });

  afterAll(async () => {
    await browser?.close();
    await tracker?.stop();
  });

  it("lists the experiments with how many runs each has", async () => {
    const page = await open("/");

    const row = page.getByRole("row", { name: /many/ });
    await expect.poll(() => row.textContent()).toMatch(/many\s*5,000/);
    await page.getByRole("link", { name: "few" }).click();
    await expect.poll(() => page.getByRole("heading", { level: 1 }).textContent()).toMatch(/^few/);
    expect(await page.title()).toBe("few · Updraft tracker");
    expect(await page.evaluate("document.activeElement?.tagName")).toBe("H1");
    expect(new URL(page.url()).pathname).toBe(`/experiments/${few}`);
  });

  it("draws only the runs in view of five thousand, wherever it is scrolled", async () => {
    const page = await open(`/experiments/${many}`);
    await expect.poll(() => page.locator(".count").textContent()).toBe("5,000 runs");

    const drawn = page.locator(".grid-row");
    expect(await drawn.count()).toBeLessThan(60);
    expect((await names(page))[0]).toBe("run-4999");
    await page.locator(".grid").evaluate((grid) => grid.scrollTo({ top: 90_000 }));
    await expect.poll(() => names(page)).toContain("run-2490");
    expect(await drawn.count()).toBeLessThan(60);
    await page.locator(".grid").evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }));
    await expect.poll(() => names(page)).toContain("run-0000");
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("5001");
  });

  it("asks for the columns that are shown and for nothing else", async () => {
    const page = await open(`/experiments/${many}?columns=metrics.loss`);
    await expect.poll(() => page.locator(".count").textContent()).toBe("5,000 runs");

    const searches = watched.calls.filter(({ path }) => path.endsWith("/runs/table"));
    expect(searches.length).toBe(6);
    for (const { sent } of searches) expect(JSON.parse(sent).columns).toEqual(["metrics.loss"]);
    expect(watched.calls.some(({ path }) => path.endsWith("/runs/search"))).toBe(false);
  });

  it("sorts by a column at a click, and keeps that in the address", async () => {
    const page = await open(`/experiments/${many}`);
    await page.getByRole("columnheader", { name: "accuracy" }).getByRole("button").click();

    await expect.poll(async () => (await names(page))[0]).toBe("run-4999");
    await page.getByRole("columnheader", { name: "accuracy" }).getByRole("button").click();
    await expect.poll(async () => (await names(page))[0]).toBe("run-0000");
    expect(new URL(page.url()).searchParams.get("sort")).toBe("metrics.accuracy");
    await page.reload();
    await expect.poll(async () => (await names(page))[0]).toBe("run-0000");
    const head = page.getByRole("columnheader", { name: "accuracy" });
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
  });

  it("filters in MLflow's words from the keyboard, and shows what is wrong at the field", async () => {
    const page = await open(`/experiments/${many}`, { expected: [400] });
    await page.locator(".grid-row").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("metrics.accuracy >= 0.4998 and params.epochs = '3'");
    await page.keyboard.press("Enter");
    await expect.poll(() => names(page)).toEqual(["run-4999"]);

    await page.keyboard.press("Control+A");
    await page.keyboard.type("metrics.accuracy >> 1");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.locator("#filter-problem").textContent())
      .toContain("Expected numeric value type for metric 'accuracy'.");
    const field = page.getByLabel("Filter the runs");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await page.keyboard.press("Escape");
    expect(await page.evaluate("document.activeElement?.tagName")).toBe("BODY");
  });

  it("looks for a plain word in the names", async () => {
    const page = await open(`/experiments/${many}?filter=0042`);

    await expect.poll(() => names(page)).toEqual(["run-0042"]);
  });

  it("is gone through, selected and compared by the keyboard", async () => {
    const page = await open(`/experiments/${few}`);
    await page.locator(".grid-row").first().waitFor();
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press(" ");
    await page.keyboard.press("End");
    await page.keyboard.press(" ");
    expect(await page.locator('.grid-row[aria-selected="true"]').count()).toBe(2);
    expect(await page.getByRole("grid").getAttribute("aria-activedescendant")).toBe("run-2");

    await page.keyboard.press("c");
    await expect.poll(() => page.getByRole("heading", { level: 1 }).textContent()).toBe("2 runs");
    expect(new URL(page.url()).searchParams.get("runs")).toBe(`${fewRuns[1]},${fewRuns[0]}`);
    await page.goBack();
    await page.locator(".grid-row").first().waitFor();
    await page.getByRole("grid").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/runs/${fewRuns[2]}`);
  });

  it("lets columns be chosen, and keeps them in the address", async () => {
    const page = await open(`/experiments/${few}`);
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "seed" }).check();
    await page.getByRole("checkbox", { name: "loss" }).uncheck();
    await page.keyboard.press("Escape");

    await expect.poll(() => page.getByRole("columnheader", { name: "seed" }).count()).toBe(1);
    expect(await page.getByRole("columnheader", { name: "loss" }).count()).toBe(0);
    expect(new URL(page.url()).searchParams.get("columns")).toContain("params.seed");
  });

  it("deletes runs and has them back", async () => {
    const doomed = await addRun(few, 9, 1);
    const page = await open(`/experiments/${few}`);
    await page.getByRole("checkbox", { name: "Select run-0009" }).check();
    await page.getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => names(page)).not.toContain("run-0009");
    expect((await tracker.store.runs.get(doomed)).info.lifecycle_stage).toBe("deleted");

    await page.getByRole("combobox", { name: "Which runs" }).selectOption("DELETED_ONLY");
    await expect.poll(() => names(page)).toEqual(["run-0009"]);
    await page.getByRole("checkbox", { name: "Select run-0009" }).check();
    await page.getByRole("button", { name: "Restore" }).click();
    await expect.poll(() => page.locator(".empty-title").textContent()).toBe("No run matches.");
    await tracker.store.runs.delete(doomed);
  });

  it("overlays the curves of runs, and lays runs out side by side", async () => {
    const page = await open(`/compare?runs=${fewRuns.join(",")}&y=log&smooth=0.6`);

    const loss = page.getByRole("img", { name: /^loss\. run-0000: latest 0\.0200.*run-0002/ });
    await loss.locator("canvas").waitFor();
    const differing = page.getByRole("region", { name: "Parameters that differ" });
    expect(await differing.getByRole("rowheader").allTextContents()).toEqual(["epochs"]);
    await page.getByRole("tab", { name: "Parallel" }).click();
    await page
      .getByRole("img", { name: /Parallel coordinates of 3 runs/ })
      .locator("canvas")
      .waitFor();
    await page.getByRole("tab", { name: "Scatter" }).click();
    await page
      .getByRole("img", { name: /over epochs of 3 runs/ })
      .locator("canvas")
      .waitFor();
    await page.getByRole("tab", { name: "Tables" }).click();
    const params = page.getByRole("region", { name: "Parameters" });
    expect(await params.getByRole("rowheader").allTextContents()).toEqual(["epochs", "seed"]);
  });

  it("fits on a phone without scrolling sideways", async () => {
    const page = await open("/", { viewport: { width: 360, height: 740 }, hasTouch: true });
    for (const path of ["/", `/experiments/${few}`, `/compare?runs=${fewRuns.join(",")}`]) {
      await page.goto(`${tracker.url}${path}`);
      await page.locator("h1").waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    }
  });

  it("is dark where the device is, and as the reader chose from then on", async () => {
    const page = await open("/", { colorScheme: "dark" });
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await ground()).toBe("rgb(18, 21, 29)");

    await page.getByRole("button", { name: /^Theme: system/ }).click();
    expect(await ground()).toBe("rgb(246, 247, 251)");
    await page.reload();
    expect(await ground()).toBe("rgb(246, 247, 251)");
    expect(await page.getByRole("button", { name: /^Theme: light/ }).count()).toBe(1);
  });

  it("says that the tracker does not answer, and goes on when it does", async () => {
    const page = await open(`/experiments/${few}`);
    await page.locator(".grid-row").first().waitFor();
    await page.route("**/runs/table", (route) => route.abort());
    watched.page.removeAllListeners("console");
    await page.getByRole("columnheader", { name: "Run" }).getByRole("button").click();
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toContain("The tracker does not answer.");

    await page.unroute("**/runs/table");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
  });
});
