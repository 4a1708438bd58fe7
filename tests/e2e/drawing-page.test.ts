import { browserPath, startBrowser } from "@updraft/tracker/browser-under-test";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { digitStrokes, draw } from "./digit-strokes.ts";
import { faintTexts } from "./faint-texts.ts";
import { quickModel } from "./pulumi-stack.ts";
import { TestStack } from "./test-stack.ts";

describe.skipIf(!browserPath)("the drawing page", () => {
  let stack: TestStack;
  let browser: Browser;
  let page: Page;
  let url: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    stack = await TestStack.create("page");
    await stack.configure({ model: { ...quickModel, hyperparameters: { epochs: 4 } } });
    const up = await stack.up();
    if (up.code !== 0) throw new Error(up.output);
    ({ url } = await stack.outputs());
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1200, height: 860 } });
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(url)) complaints.push(request.url());
    });
    await page.goto(url);
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.cleanUp();
  });

  const prediction = (on = page) => on.locator("#prediction").textContent();

  /** What it reads once it has read all that was drawn. */
  async function reading(digit: string): Promise<string> {
    const spoken = () => page.locator("#spoken").textContent();
    await page.keyboard.press("Escape");
    await expect.poll(spoken, { timeout: 10_000 }).toBe("nothing drawn yet");
    await draw(page, digitStrokes[digit]);
    await expect.poll(spoken, { timeout: 10_000 }).toMatch(/^It reads \d, /);
    return (await prediction()) ?? "";
  }

  it("says which model answers and how good it is", async () => {
    const footer = page.locator("#model");
    await expect
      .poll(() => footer.textContent())
      .toMatch(/digits version 1 · accuracy 9\d\.\d\d %/);
    expect(await page.getByRole("meter").count()).toBe(10);
  });

  it("recognises at least nine of the ten digits, and says how long each took", async () => {
    const read: Record<string, string> = {};
    for (const digit of Object.keys(digitStrokes)) read[digit] = await reading(digit);
    const right = Object.keys(read).filter((digit) => read[digit] === digit);
    expect(right.length, JSON.stringify(read)).toBeGreaterThanOrEqual(9);
    expect(await page.locator("#model").textContent()).toMatch(/ · answered in \d+\.\d ms$/);
  });

  it("shows and tells what the model sees, and how sure it is of each class", async () => {
    await reading("7");
    const seen = page.getByRole("img", { name: "What the model sees" });
    expect(await seen.getAttribute("aria-label")).toMatch(
      /: \d+ of 28 by 28 pixels are light, in rows \d+ to \d+ and columns \d+ to \d+$/,
    );
    const seven = page.getByRole("meter", { name: "7" });
    expect(Number(await seven.getAttribute("aria-valuenow"))).toBeGreaterThan(50);
    expect(await page.locator("#probabilities li.best").innerText()).toMatch(/^7\s+\d+\.\d %$/);
  });

  it("takes what it really was, once for each answer", async () => {
    await reading("7");
    const seven = page.getByRole("button", { name: "7", exact: true });
    await seven.click();
    const thanks = page.locator("#thanks");
    await expect.poll(() => thanks.textContent()).toBe("Thanks! The model was right: it was a 7.");
    expect(await seven.getAttribute("aria-pressed")).toBe("true");
    await page.getByRole("button", { name: "1", exact: true }).click({ force: true });
    expect(await thanks.textContent()).toBe("Thanks! The model was right: it was a 7.");

    await reading("1");
    expect(await thanks.textContent()).toBe("");
    await seven.click();
    await expect.poll(() => thanks.textContent()).toBe("Thanks! The model was wrong: it was a 7.");
    const metrics = await (await fetch(new URL("metrics", url))).text();
    expect(metrics.match(/^feedback_total\{.*\} 1$/gm)).toHaveLength(2);
  });

  it("says why something was not taken, and takes it again", async () => {
    const other = await browser.newPage();
    onTestFinished(() => other.close());
    await other.route("**/feedback", (route) =>
      route.fulfill({ status: 404, json: { error: "there is no POST /feedback" } }),
    );
    await other.goto(url);
    const seven = other.getByRole("button", { name: "7", exact: true });
    expect(await seven.isDisabled()).toBe(true);
    await draw(other, digitStrokes["7"]);
    await expect.poll(() => prediction(other)).toBe("7");
    await seven.click();
    const thanks = other.locator("#thanks");
    await expect.poll(() => thanks.textContent()).toBe("Not noted: there is no POST /feedback");
    await other.unroute("**/feedback");
    await seven.click();
    await expect.poll(() => thanks.textContent()).toContain("Thanks!");
  });

  it("needs no mouse: the arrows draw, and every control has its turn", async () => {
    await page.reload();
    await expect.poll(() => prediction()).toBe("?");
    const keys = async (key: string, times: number) => {
      for (let time = 0; time < times; time += 1) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate<string>("document.activeElement.id");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("canvas");
    expect(await page.locator("#keys").isVisible()).toBe(true);
    await keys("ArrowUp", 9);
    await page.keyboard.press("Space");
    await keys("ArrowDown", 18);
    await page.keyboard.press("Space");
    await expect.poll(() => prediction()).toBe("1");

    const order: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await page.keyboard.press("Tab");
      order.push(await page.evaluate<string>("document.activeElement.textContent.trim()"));
    }
    expect(order.map((text) => text.split(/\s/)[0])).toEqual(["Undo", "Clear", "0"]);
    await keys("Tab", 1);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("#thanks").textContent()).toContain("it was a 1.");

    await page.keyboard.press("Control+z");
    await expect.poll(() => prediction()).toBe("?");
    expect(await focused()).toBe("canvas");
  });

  it("takes back one stroke, and then the rest", async () => {
    await reading("4");
    const seen = page.locator("#seen");
    const both = await seen.getAttribute("aria-label");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => seen.getAttribute("aria-label")).not.toBe(both);
    expect(await seen.getAttribute("aria-label")).toContain("are light");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => seen.getAttribute("aria-label")).toContain("black pixels");
  });

  it("forgets the drawing when it is cleared", async () => {
    await draw(page, digitStrokes["7"]);
    await expect.poll(() => prediction()).not.toBe("?");
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => prediction()).toBe("?");
    expect(await page.locator("#sureness").textContent()).toBe("nothing drawn yet");
  });

  it.each(["light", "dark"] as const)("is easy to read in %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await faintTexts(page)).toEqual([]);
    await reading("3");
    expect(await faintTexts(page)).toEqual([]);
    const moving = `getComputedStyle(document.querySelector(".bar i")).transitionProperty`;
    expect(await page.evaluate(moving)).toBe("none");
  });

  it.each([360, 390])(
    "fits on a phone %i pixels wide without scrolling sideways",
    async (width) => {
      await page.setViewportSize({ width, height: 740 });
      const needed = await page.evaluate("document.documentElement.scrollWidth");
      expect(needed).toBeLessThanOrEqual(width);
    },
  );

  it("describes every route on a page, and reads a picture of the drawing there", async () => {
    await page.setViewportSize({ width: 1200, height: 860 });
    await reading("7");
    const picture = await page.locator("#canvas").screenshot();
    await page.goto(new URL("docs", url).href);
    await page.locator("#post_predict summary").click();
    const route = page.locator("#post_predict .try");
    const file = { name: "seven.png", mimeType: "image/png", buffer: picture };
    await route.locator("input[type=file]").setInputFiles(file);
    await route.getByRole("button", { name: "Send" }).click();
    await expect
      .poll(() => route.locator("pre").textContent(), { timeout: 10_000 })
      .toMatch(/^200 OK .*"label": "7"/s);
    await page.setViewportSize({ width: 360, height: 740 });
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(360);
  });

  it("broke no rule and asked no other server", () => {
    expect(complaints).toEqual([]);
  });
});
