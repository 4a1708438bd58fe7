import { createHash } from "node:crypto";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeAll(async () => {
  tracker = await startTracker();
});
afterAll(() => tracker.stop());

async function page(path: string) {
  const response = await fetch(`${tracker.url}${path}`);
  const { status, headers } = response;
  return { status, headers, markup: await response.text() };
}

/** Addresses of the scripts and styles that a page loads at once. */
function loadedBy(markup: string): string[] {
  return [...markup.matchAll(/(?:src|href)="(?<address>\/assets[^"]+)"/g)].map(
    ({ groups }) => groups?.address ?? "",
  );
}

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/** An answer as it comes over the wire; fetch would unpack it. */
function rawAnswer(address: string, headers: Record<string, string>): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${tracker.url}${address}`, { headers }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      const { statusCode: status, headers: answered } = response;
      resolve({ status, headers: answered, body: Buffer.concat(parts) });
    });
    sent.on("error", reject).end();
  });
}

describe("the page's document", () => {
  it.each(["/", "/models", "/promotions", "/compare?runs=a,b", "/experiments/0"])(
    "is at %s",
    async (path) => {
      const { status, headers, markup } = await page(path);

      expect(status).toBe(200);
      expect(headers.get("Content-Type")).toBe("text/html; charset=utf-8");
      expect(headers.get("Cache-Control")).toBe("no-cache");
      expect(markup).toContain('<div id="app"></div>');
    },
  );

  it("is there for a run, a model and a version", async () => {
    const { call } = tracker;
    const runId = await tracker.newRun();
    await call("POST", "/registered-models/create", { name: "a b?" });
    await call("POST", "/model-versions/create", { name: "a b?", source: "s3://x/y" });

    expect((await page(`/runs/${runId}`)).status).toBe(200);
    expect((await page("/models/a%20b%3F")).status).toBe(200);
    expect((await page("/models/a%20b%3F/versions/1")).status).toBe(200);
  });

  it.each(["/runs/nope", "/experiments/77", "/models/none", "/models/none/versions/1"])(
    "says by its status that there is nothing at %s",
    async (path) => {
      const { status, markup } = await page(path);

      expect(status).toBe(404);
      expect(markup).toContain('<div id="app"></div>');
    },
  );

  it("may load its own files and nothing else", async () => {
    const { headers, markup } = await page("/");
    const importMap = /<script type="importmap">(?<map>.*?)<\/script>/s.exec(markup)?.groups?.map;
    const hash = createHash("sha256")
      .update(importMap ?? "")
      .digest("base64");

    expect(headers.get("Content-Security-Policy")).toBe(
      `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(markup).not.toMatch(/(?:src|href)="(?!\/assets\/)/);
    expect(Object.keys(JSON.parse(importMap ?? "").imports)).toEqual([
      "preact",
      "preact/hooks",
      "htm",
      "echarts",
    ]);
  });
});

describe("the page's files", () => {
  it("are all there, as what they are, to be kept for good", async () => {
    const addresses = loadedBy((await page("/")).markup);
    const types = new Set<string | null>();
    for (const address of addresses) {
      const { status, headers } = await page(address);
      expect([address, status]).toEqual([address, 200]);
      expect(headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
      types.add(headers.get("Content-Type"));
    }

    expect(addresses.length).toBeGreaterThan(40);
    expect([...types].toSorted()).toEqual([
      "image/svg+xml",
      "text/css; charset=utf-8",
      "text/javascript; charset=utf-8",
    ]);
  });

  it("are JavaScript: no types are left, and the lines are where they were", async () => {
    const address = loadedBy((await page("/")).markup).find((one) => one.endsWith("/format.ts"));
    const { markup: script } = await page(address ?? "");

    expect(script).toMatch(/export function formatNumber\(value\s+\)/);
    expect(script).not.toContain(": number");
  });

  it("come packed where the browser takes that", async () => {
    const address = loadedBy((await page("/")).markup).find((one) => one.endsWith("/page.css"));
    const plain = await rawAnswer(address ?? "", {});
    const gzip = await rawAnswer(address ?? "", { "Accept-Encoding": "gzip, deflate" });
    const brotli = await rawAnswer(address ?? "", { "Accept-Encoding": "gzip, br" });

    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(gzip.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect(brotli.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
    expect(brotli.body.length).toBeLessThan(plain.body.length / 3);
    expect(plain.headers.vary).toBe("Accept-Encoding");
  });

  it("are not sent again to who has them", async () => {
    const [address = ""] = loadedBy((await page("/")).markup);
    const first = await rawAnswer(address, {});
    const second = await rawAnswer(address, { "If-None-Match": String(first.headers.etag) });

    expect([second.status, second.body.length]).toEqual([304, 0]);
  });

  it("are given to a page from before an update, but not to be kept", async () => {
    const [address = ""] = loadedBy((await page("/")).markup);
    const old = await page(address.replace(/\/assets\/[0-9a-f]+/, "/assets/0123456789ab"));

    expect([old.status, old.headers.get("Cache-Control")]).toEqual([200, "no-cache"]);
  });

  it.each(["/assets/x/nope.ts", "/assets/x/..%2Fpage-router.ts", "/assets/x/tsconfig.json"])(
    "do not include %s",
    async (path) => {
      expect((await page(path)).status).toBe(404);
    },
  );
});
