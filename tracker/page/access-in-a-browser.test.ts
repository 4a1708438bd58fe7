import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCredentials } from "../auth/credentials.ts";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";
import { browserPath, openPage, startBrowser } from "./browser-under-test.ts";

const suite = browserPath ? describe : describe.skip;

suite("the page for who may only read", { timeout: 60_000 }, () => {
  let readOnly: TrackerUnderTest;
  let reader: Browser;

  beforeAll(async () => {
    readOnly = await startTracker({ authentication: { anonymous: "read" } });
    reader = await startBrowser();
  }, 60_000);

  afterAll(async () => {
    await reader?.close();
    await readOnly?.stop();
  });

  it("shows everything, and says why it changes nothing", async () => {
    const { info } = await readOnly.store.runs.create({
      experiment_id: "0",
      run_name: "as-it-was",
      user_id: "",
      start_time: 1,
      tags: [],
    });
    const { page, complaints } = await openPage(reader, readOnly.url, { expected: [403] });
    await page.goto(`${readOnly.url}/experiments/0`);
    await page.getByRole("link", { name: "as-it-was" }).click();
    await page.getByRole("button", { name: "Rename the run" }).click();
    await page.getByRole("textbox", { name: "Name of the run" }).fill("other");
    await page.keyboard.press("Enter");

    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toBe(
        "You may look here, but not change anything: This tracker may be read, but not written to",
      );
    expect((await readOnly.store.runs.get(info.run_id)).info.run_name).toBe("as-it-was");
    expect(complaints).toEqual([]);
  });

  it("asks for a name and a password where nobody may look without", async () => {
    const credentials = parseCredentials(
      JSON.stringify({ users: [{ name: "bob", access: "read", secrets: ["the-secret-of-bob"] }] }),
    );
    const closed = await startTracker({
      authentication: { credentials: () => credentials, anonymous: "none" },
    });
    try {
      const { page, complaints } = await openPage(reader, closed.url, {
        httpCredentials: { username: "bob", password: "the-secret-of-bob" },
      });
      await page.goto(`${closed.url}/experiments/0`);

      await expect.poll(() => page.locator(".empty-title").textContent()).toBe("No runs yet.");
      expect(complaints).toEqual([]);
    } finally {
      await closed.stop();
    }
  });
});
