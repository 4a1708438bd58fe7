import { browserPath, startBrowser } from "@updraft/tracker/browser-under-test";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../../server/server-under-test.ts";
import { faintTexts } from "./faint-texts.ts";

const even = (bins: number) => Array.from({ length: bins }, () => 1 / bins);
const statistics = (max: number, shares: number[]) => ({
  mean: 5,
  standardDeviation: 3,
  histogram: { min: 0, max, shares },
});
const baseline = {
  image: { ...statistics(10, even(20)), features: even(4).map(() => statistics(10, even(10))) },
  sums: statistics(2, [0, 1]),
};

describe.skipIf(!browserPath)("the page that shows drift", () => {
  let server: ServerUnderTest;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await startServer({}, { format: "graph-model", baseline });
    browser = await startBrowser();
    page = await browser.newPage();
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(server.base)) complaints.push(request.url());
    });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const card = (title: string) =>
    page.locator("article", { has: page.getByRole("heading", { name: title, exact: true }) });

  it("says that nothing can be said yet", async () => {
    await page.goto(`${server.base}/drift`);
    await page.getByText("0 instances so far; 200 more").waitFor();
    expect(await card("Answers").textContent()).toContain("Too few to say.");
  });

  it("shows which value has moved, in words and as a picture that has them too", async () => {
    // The first three are spread evenly; the last one is in the upper half.
    const instances = Array.from({ length: 1000 }, (_, at) => [
      (at * 7.3) % 10,
      (at * 3.7) % 10,
      (at * 1.9) % 10,
      5 + ((at * 2.3) % 5),
    ]);
    const asked = await fetch(`${server.base}/v1/models/sums:predict`, {
      method: "POST",
      body: JSON.stringify({ instances }),
    });
    expect(asked.status).toBe(200);
    await page.reload();
    await page.getByText("The last 1000 instances.").waitFor();
    expect(await card("image[3]").textContent()).toMatch(/Very different\. PSI \d\.\d{3}, KS 0\.5/);
    expect(await card("image[0]").textContent()).toContain("Like the training data.");
    expect(await page.locator("article").nth(2).locator("h3").textContent()).toBe("image[3]");
    const picture = page.getByRole("img", { name: /^image\[3\]: Very different\. PSI/ });
    expect(await picture.locator("rect").count()).toBe(24);
  });

  it("gives the numbers in a table, which stays open", async () => {
    await card("Answers").locator("summary").press("Enter");
    const rows = card("Answers").getByRole("row");
    expect(await rows.allTextContents()).toEqual(["classin trainingnow", "one0%0%", "two100%100%"]);
  });

  it("is easy to read by day and by night, and fits a phone", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await faintTexts(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    const overhang = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(overhang)).toBe(0);
  });

  it("asks nobody else for anything, and breaks no rule of its own", () => {
    expect(complaints).toEqual([]);
  });
});
