import { browserPath, openPage, startBrowser } from "@updraft/tracker/browser-under-test";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type ServerUnderTest, startServer } from "../../server/server-under-test.ts";
import { digitStrokes, draw } from "./digit-strokes.ts";
import { faintTexts } from "./faint-texts.ts";

const predictToken = "a-token-of-enough-length";
const wanted = "this server wants a token; type it into the field Token";
const wrong = "this is not the server's token; type another one";
const overhang = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

const field = (page: Page) => page.getByLabel("Token", { exact: true });
/** What an element says, to be asked for until it is as expected. */
const said = (page: Page, id: string) => () => page.locator(`#${id}`).textContent();

describe.skipIf(!browserPath)("the pages of a server that wants a token", () => {
  let browser: Browser;
  let drawing: ServerUnderTest;
  let form: ServerUnderTest;

  beforeAll(async () => {
    browser = await startBrowser();
    drawing = await startServer({ predictToken }, { side: 28 });
    form = await startServer({ predictToken });
  });

  afterAll(async () => {
    await browser?.close();
    await Promise.all([drawing?.close(), form?.close()]);
  });

  /** The page of a server in a browser that knows nothing yet. */
  async function opened({ base }: ServerUnderTest, width = 1200) {
    const viewport = { width, height: 860 };
    const watched = await openPage(browser, base, { viewport, expected: [401] });
    onTestFinished(() => watched.page.context().close());
    await watched.page.goto(base);
    return watched;
  }

  it("ask for it when it is wanted, in words that are read out, and answer with it", async () => {
    const { page, complaints } = await opened(drawing);
    await page.locator("#model").getByText("sums version 7").waitFor();
    expect(await field(page).isVisible()).toBe(false);
    const pad = await page.locator("#canvas").boundingBox();

    await draw(page, digitStrokes["1"]);
    await expect.poll(said(page, "sureness")).toBe(wanted);
    await expect.poll(said(page, "spoken")).toBe(wanted);
    expect(await field(page).getAttribute("aria-invalid")).toBe("false");
    expect(await page.locator("#canvas").boundingBox()).toEqual(pad);

    await field(page).fill("another-token-of-some-length");
    await field(page).press("Enter");
    await expect.poll(said(page, "sureness")).toBe(wrong);
    expect(await field(page).getAttribute("aria-invalid")).toBe("true");

    await field(page).fill(` ${predictToken} `);
    await field(page).press("Enter");
    await expect.poll(said(page, "prediction")).toBe("two");
    expect(await field(page).getAttribute("aria-invalid")).toBe("false");
    expect(complaints).toEqual([]);
  });

  it("send it with what the prediction really was", async () => {
    const { page } = await opened(drawing);
    await draw(page, digitStrokes["1"]);
    await expect.poll(said(page, "sureness")).toBe(wanted);
    await field(page).fill(predictToken);
    await field(page).press("Enter");
    await expect.poll(said(page, "prediction")).toBe("two");
    await page.getByRole("button", { name: "two", exact: true }).click();
    await expect.poll(said(page, "thanks")).toBe("Thanks! The model was right: it was a two.");
  });

  it("leave what is typed into the field out of the drawing", async () => {
    const { page } = await opened(drawing);
    await draw(page, digitStrokes["1"]);
    await expect.poll(said(page, "sureness")).toBe(wanted);
    await field(page).pressSequentially("a b");
    for (const key of ["Control+z", "Escape"]) await page.keyboard.press(key);
    // The pad is read with the next frame.
    await page.evaluate("new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))");
    expect(await page.locator("#seen").getAttribute("aria-label")).toContain("are light");
  });

  it("ask again with it where values are typed, without a mouse", async () => {
    const { page, complaints } = await opened(form);
    await expect.poll(said(page, "sureness")).toBe(wanted);
    await expect.poll(said(page, "spoken")).toBe(wanted);
    // Behind the four values.
    for (let turn = 0; turn < 5; turn += 1) await page.keyboard.press("Tab");
    await page.keyboard.type("no header can hold this: ü");
    await page.keyboard.press("Enter");
    await expect.poll(said(page, "sureness")).toBe(wrong);
    await page.keyboard.press("Control+a");
    await page.keyboard.type(predictToken);
    await page.keyboard.press("Enter");
    await expect.poll(said(page, "prediction")).toBe("two");
    expect(complaints).toEqual([]);
  });

  it("keep it in this tab alone, and over a reload", async () => {
    const { page } = await opened(form);
    await field(page).fill(predictToken);
    await field(page).press("Enter");
    await expect.poll(said(page, "prediction")).toBe("two");
    await page.reload();
    await expect.poll(said(page, "prediction")).toBe("two");
    expect(await field(page).isVisible()).toBe(false);

    const kept = `[Object.values(sessionStorage), Object.values(localStorage), document.cookie]`;
    expect(await page.evaluate(kept)).toEqual([[predictToken], [], ""]);
    const other = await page.context().newPage();
    await other.goto(form.base);
    await expect.poll(said(other, "sureness")).toBe(wanted);
  });

  it("say what the field is for, and show nobody what is typed", async () => {
    const { page } = await opened(form);
    await field(page).waitFor();
    expect(await field(page).getAttribute("type")).toBe("password");
    const described = `document.getElementById(document.getElementById("token").getAttribute("aria-describedby")).innerText`;
    expect(await page.evaluate(described)).toBe(
      "This server answers those who have its token. Enter sends it; it stays in this tab, and goes when the tab is closed.",
    );
  });

  it.each(["light", "dark"] as const)("are easy to read in %s, and fit a phone", async (scheme) => {
    for (const server of [drawing, form]) {
      const { page } = await opened(server, 360);
      await page.emulateMedia({ colorScheme: scheme });
      if (server === drawing) await draw(page, digitStrokes["1"]);
      await field(page).waitFor();
      expect(await faintTexts(page)).toEqual([]);
      expect(await page.evaluate(overhang)).toBe(0);
    }
  });
});
