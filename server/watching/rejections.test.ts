import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../server-under-test.ts";

let server: ServerUnderTest;
const token = "a-token-of-this-test";

beforeAll(async () => {
  server = await startServer({ predictToken: token });
});

afterAll(() => server.close());

const rejected = async (): Promise<Record<string, number>> => {
  const text = await (await fetch(`${server.base}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line.startsWith("prediction_rejected_total{"));
  return Object.fromEntries(
    lines.map((line): [string, number] => {
      const [, model = "", reason = "", value = ""] =
        /model="(.*?)".*reason="(.*?)"} (\d+)$/.exec(line) ?? [];
      return [`${model} ${reason}`.trim(), Number(value)];
    }),
  );
};

const v1 = "/v1/models/sums:predict";
const v2 = "/v2/models/sums/infer";
const tensor = (changes: object) =>
  JSON.stringify({
    inputs: [
      { name: "image", shape: [1, 2, 2, 1], datatype: "FP32", data: [1, 2, 3, 4], ...changes },
    ],
  });
const png = { "content-type": "image/png" };

describe("what is refused", () => {
  it.each<[path: string, body: string, reason: string, headers?: Record<string, string>]>([
    [v1, "{", "sums json"],
    [v1, "[]", "sums json"],
    [v1, "{}", "sums form"],
    [v1, '{"instances":[[1,2,3]]}', "sums shape"],
    [v1, '{"instances":[]}', "sums shape"],
    [v1, '{"instances":[[1,2,3,"4"]]}', "sums type"],
    [v1, '{"instances":[[1,2,3,11]]}', "sums range"],
    [v1.replace("sums", "other"), "{}", "model"],
    [v2, "", "sums json"],
    [v2, tensor({ shape: [1, 4] }), "sums shape"],
    [v2, tensor({ data: [1, 2, 3] }), "sums shape"],
    [v2, tensor({ datatype: "FP31" }), "sums type"],
    [v2, tensor({ data: [1, 2, 3, "4"] }), "sums type"],
    [v2, tensor({ data: [1, 2, 3, -1] }), "sums range"],
    [v2, tensor({ name: "picture" }), "sums form"],
    ["/predict", "{", "json"],
    ["/predict", '{"features":[1,2]}', "sums shape"],
    ["/predict", "no image", "media", { "content-type": "text/html" }],
    ["/predict", '{"image":"data:image/png;base64,?"}', "image"],
    ["/predict", "no image", "sums media", png],
    [v1, "x".repeat(17 * 1024 * 1024), "size"],
    [v1, "{}", "token", { authorization: "Bearer another" }],
  ])("is counted by its reason: %s %.60s is %s", async (path, body, reason, headers = {}) => {
    const before = await rejected();
    const answer = await fetch(`${server.base}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, ...headers },
      body,
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(await rejected()).toEqual({ ...before, [reason]: (before[reason] ?? 0) + 1 });
  });

  it("is counted where a model is asked, and nowhere else", async () => {
    const before = await rejected();
    const authorization = `Bearer ${token}`;
    await fetch(`${server.base}/feedback`, { method: "POST", headers: { authorization } });
    await fetch(`${server.base}/nothing`);
    const instances = [[1, 2, 3, 4]];
    const answered = await fetch(`${server.base}${v1}`, {
      method: "POST",
      headers: { authorization },
      body: JSON.stringify({ instances }),
    });
    expect(answered.status).toBe(200);
    expect(await rejected()).toEqual(before);
  });
});
