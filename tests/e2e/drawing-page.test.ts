import { browserPath, startBrowser } from "@updraft/tracker/browser-under-test";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quickModel } from "./pulumi-stack.ts";
import { TestStack } from "./test-stack.ts";

/** Strokes as people draw them, in shares of the pad. */
const strokes: Readonly<Record<string, readonly (readonly [number, number])[][]>> = {
  "0": [arc({ x: 0.5, y: 0.5, width: 0.22, height: 0.32, from: -90, to: 270 })],
  "1": [
    [
      [0.5, 0.18],
      [0.5, 0.82],
    ],
  ],
  "3": [
    [
      ...arc({ x: 0.47, y: 0.33, width: 0.2, height: 0.16, from: -150, to: 90 }),
      ...arc({ x: 0.47, y: 0.66, width: 0.22, height: 0.17, from: -90, to: 150 }),
    ],
  ],
  "7": [
    [
      [0.28, 0.22],
      [0.72, 0.22],
      [0.45, 0.82],
    ],
  ],
};

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

  it("says which model answers and how good it is", async () => {
    const footer = page.locator("#model");
    await expect
      .poll(() => footer.textContent())
      .toMatch(/digits version 1 · accuracy 9\d\.\d\d %/);
    expect(await page.locator("#probabilities li").count()).toBe(10);
  });

  it.each(Object.keys(strokes))("recognises a drawn %s", async (digit) => {
    await page.keyboard.press("Escape");
    await draw(page, strokes[digit] ?? []);
    await expect
      .poll(() => page.locator("#prediction").textContent(), { timeout: 10_000 })
      .toBe(digit);
  });

  it("forgets the drawing when it is cleared", async () => {
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => page.locator("#prediction").textContent()).toBe("?");
    expect(await page.locator("#sureness").textContent()).toBe("nothing drawn yet");
  });

  it("fits on a phone without scrolling sideways", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(360);
  });

  it("describes every route on a page, and reads a picture of the drawing there", async () => {
    await page.setViewportSize({ width: 1200, height: 860 });
    await draw(page, strokes["7"] ?? []);
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

async function draw(page: Page, lines: readonly (readonly [number, number])[][]): Promise<void> {
  const area = await page.locator("#canvas").boundingBox();
  if (!area) throw new Error("the pad is not on the page");
  const at = ([x, y]: readonly [number, number]) =>
    [area.x + x * area.width, area.y + y * area.height] as const;
  for (const [first, ...others] of lines) {
    if (!first) continue;
    await page.mouse.move(...at(first));
    await page.mouse.down();
    for (const point of others) await page.mouse.move(...at(point), { steps: 4 });
    await page.mouse.up();
  }
}

/** Part of an ellipse, from one angle to another in degrees, clockwise from the right. */
function arc(ellipse: {
  x: number;
  y: number;
  width: number;
  height: number;
  from: number;
  to: number;
}): [number, number][] {
  return Array.from({ length: 25 }, (_, step) => {
    const degrees = ellipse.from + ((ellipse.to - ellipse.from) * step) / 24;
    const angle = (degrees * Math.PI) / 180;
    return [
      ellipse.x + ellipse.width * Math.cos(angle),
      ellipse.y + ellipse.height * Math.sin(angle),
    ];
  });
}
