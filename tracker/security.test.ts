import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "./tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeAll(async () => {
  tracker = await startTracker({ bodySeconds: 0.3 });
});
afterAll(() => tracker.stop());

/** Sends a request byte by byte as it stands; the whole answer, once the tracker closes. */
async function raw(...parts: string[]): Promise<string> {
  const socket = connect(Number(new URL(tracker.url).port), "127.0.0.1");
  await once(socket, "connect");
  for (const part of parts) socket.write(part);
  return text(socket);
}

const create = "/api/2.0/mlflow/experiments/create";

async function statusOf(headers: Record<string, string>, name: string): Promise<number> {
  const lines = Object.entries({ Host: "tracker", Connection: "close", ...headers });
  const body = JSON.stringify({ name });
  const head = lines.map(([key, value]) => `${key}: ${value}\r\n`).join("");
  const answer = await raw(
    `POST ${create} HTTP/1.1\r\n${head}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  return Number(answer.split(" ")[1]);
}

describe("requests of pages", () => {
  it.each<[Record<string, string>, number]>([
    [{}, 200],
    [{ Origin: "http://tracker" }, 200],
    [{ Origin: "https://tracker" }, 200],
    [{ Origin: "http://tracker:8080" }, 403],
    [{ Origin: "http://evil.example" }, 403],
    [{ Origin: "null" }, 403],
    [{ Origin: "https://public.example", "Sec-Fetch-Site": "same-origin" }, 200],
    [{ "Sec-Fetch-Site": "none" }, 200],
    [{ Origin: "http://tracker", "Sec-Fetch-Site": "same-site" }, 403],
    [{ Origin: "http://tracker", "Sec-Fetch-Site": "cross-site" }, 403],
    [{ "Sec-Fetch-Site": "cross-site" }, 403],
  ])("with %j may write: %i", async (headers, status) => {
    expect(await statusOf(headers, JSON.stringify(headers).slice(0, 400))).toBe(status);
  });
});

describe("requests that would wear the tracker out", () => {
  it("are given up if their body does not come", async () => {
    const head = `POST ${create} HTTP/1.1\r\nHost: tracker\r\nContent-Length: 1000\r\n\r\n`;
    const answer = await raw(head, '{"name":');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain("did not come within 0.3 s");
  });

  it("are refused if their fields are nested without end", async () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const body = `{"name":${open.repeat(200_000)}1${close.repeat(200_000)}}`;
      const answer = await fetch(`${tracker.url}${create}`, { method: "POST", body });
      expect([answer.status, await answer.json()]).toEqual([
        400,
        {
          error_code: "INVALID_PARAMETER_VALUE",
          message: "The body of the request is nested deeper than 100 levels",
        },
      ]);
    }
  });

  const long = 200_000;

  it.each([
    `metrics.a > ${"1".repeat(long)}a`,
    `metrics.a > 1e${"1".repeat(long)}a`,
    `tags.a = ${"'".repeat(long + 1)}`,
    `metrics.${"a.".repeat(long)}`,
    `${" ".repeat(long)}!`,
    "(".repeat(long),
    `run_id in (${"'a',".repeat(long)})`,
    `tags.\`${"a".repeat(long)}`,
  ])("are answered soon, whatever their filter: %.20s", async (filter) => {
    const started = performance.now();
    const { status } = await tracker.call("POST", "/runs/search", {
      experiment_ids: ["0"],
      filter,
    });
    expect(status).toBe(400);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it("are errors of theirs and not of the tracker", () => {
    expect(tracker.logged).toEqual([]);
  });
});

it("keeps fields with the names of what every object has", async () => {
  const run_id = await tracker.newRun();
  for (const key of ["__proto__", "constructor", "toString"]) {
    await tracker.call("POST", "/runs/set-tag", { run_id, key, value: "v" });
  }
  const { body } = await tracker.call("GET", "/runs/get", { run_id });
  const { tags } = (body.run as { data: { tags: { key: string }[] } }).data;
  expect(tags.map(({ key }) => key)).toEqual([
    "__proto__",
    "constructor",
    "mlflow.runName",
    "toString",
  ]);
  const polluting = '{"__proto__": {"experiment_id": "9"}, "constructor": {"prototype": {"a": 1}}}';
  const created = await fetch(`${tracker.url}/api/2.0/mlflow/runs/create`, {
    method: "POST",
    body: polluting,
  });
  expect(await created.json()).toMatchObject({ run: { info: { experiment_id: "0" } } });
  expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
});
