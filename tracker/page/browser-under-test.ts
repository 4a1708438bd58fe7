import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** The browser on this machine, if there is one. */
export const browserPath = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path !== undefined && existsSync(path));

if (!browserPath) {
  process.stderr.write(
    "the tests of pages in a browser are skipped: there is no Chromium (install it, or set CHROMIUM_PATH)\n",
  );
}

/** Starts the browser. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath ?? "",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** A page that notes whatever goes against the rules. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors on the console, among them what the content security policy stopped, and requests elsewhere. */
  readonly complaints: string[];
  /** Calls of the tracker's operations: method, path, and the body that was sent. */
  readonly calls: { readonly path: string; readonly sent: string }[];
}

/**
 * Opens an empty page.
 * @param expected statuses of answers that are no mistake here; browsers report them as errors
 */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions & { readonly expected?: readonly number[] } = {},
): Promise<WatchedPage> {
  const { expected = [], ...context } = options;
  const opened = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...context });
  const page = await opened.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const calls: { path: string; sent: string }[] = [];
  page.on("console", (message) => {
    const isExpected = expected.some((status) => message.text().includes(`status of ${status}`));
    if (message.type() === "error" && !isExpected) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  page.on("request", (request) => {
    const { pathname, origin: target } = new URL(request.url());
    if (target !== origin && !request.url().startsWith("data:")) complaints.push(request.url());
    if (pathname.startsWith("/ajax-api/")) {
      calls.push({ path: pathname, sent: request.postData() ?? "" });
    }
  });
  return { page, complaints, calls };
}
