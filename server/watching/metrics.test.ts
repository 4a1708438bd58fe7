import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../app.ts";
import { writeTinyPackage } from "../fixtures.ts";
import { loadModel } from "../models/load-model.ts";
import { createMetrics } from "./metrics.ts";
import { ModelRepository } from "../models/model-repository.ts";

const labels = (status: number) => `{model="sums",version="7",status="${status}"}`;

describe("the server's metrics", () => {
  const models = new ModelRepository(["sums"]);
  const metrics = createMetrics();
  let server: Server;
  let port: number;
  let digest: string;

  beforeAll(async () => {
    const written = await writeTinyPackage(await mkdtemp(join(tmpdir(), "updraft-metrics-")));
    digest = written.digest;
    const logger = pino({ level: "silent" });
    server = createServer(createApp(models, logger, metrics));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
    const pinned = { name: "sums", version: "7", ...written };
    const { signal } = new AbortController();
    const options = { waitSeconds: 0, logger, metrics, signal };
    models.slot("sums").active = await loadModel(pinned, options);
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const post = (path: string, body: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body });
  const predict = (body: string) => post("/v1/models/sums:predict", body);
  const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  /** The values of one metric, by its labels as they are written. */
  const valuesOf = async (name: string) =>
    Object.fromEntries(
      (await scrape())
        .split("\n")
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
        .map((line): [string, number] => {
          const [, written = "", value = ""] = /^\w+(\{.*\})? (\S+)$/.exec(line) ?? [];
          return [written, Number(value)];
        }),
    );

  it("are in Prometheus' format, with the security headers of every answer", async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await answer.text()).toContain("# TYPE prediction_latency_seconds histogram\n");
  });

  it("say which model serves and how long it took to load", async () => {
    expect(await valuesOf("active_model_version")).toEqual({
      [`{model="sums",version="7",digest="${digest}"}`]: 1,
    });
    const load = await valuesOf("model_load_time_seconds");
    expect(load).toEqual({ '{model="sums",version="7"}': expect.any(Number) });
    expect(Object.values(load)[0]).toBeGreaterThan(0);
  });

  it("count predict requests by status, also those that no client waited for", async () => {
    const before = await valuesOf("prediction_requests_total");
    await predict('{"instances":[[1,2,3,4],[0,0,0,0]]}');
    await predict('{"instances":[[1,2]]}');
    // A name that a client chose is no label.
    await post("/v1/models/other:predict", "{}");
    const arrived = once(server, "request");
    const sent = request({ port, path: "/v1/models/sums:predict", method: "POST" });
    sent.once("error", () => undefined);
    sent.write("{");
    await arrived;
    sent.destroy();

    await expect
      .poll(() => valuesOf("prediction_requests_total"))
      .toEqual({
        [labels(200)]: (before[labels(200)] ?? 0) + 1,
        [labels(400)]: 1,
        ['{model="",version="",status="404"}']: 1,
        ['{model="",version="",status="499"}']: 1,
      });
    expect(await valuesOf("prediction_latency_seconds_count")).toEqual({
      '{model="sums",version="7"}': 2,
      '{model="",version=""}': 2,
    });
  });

  it("count what people ask as they count what programs do", async () => {
    const before = await valuesOf("prediction_requests_total");
    await post("/predict", '{"features":[1,2,3,4]}');
    await post("/predict", '{"features":[1,2]}');
    const after = await valuesOf("prediction_requests_total");
    expect(after[labels(200)]).toBe((before[labels(200)] ?? 0) + 1);
    expect(after[labels(400)]).toBe((before[labels(400)] ?? 0) + 1);
  });

  it("count the instances that were run together, the package's example among them", async () => {
    const [before] = Object.values(await valuesOf("prediction_batch_size_sum"));
    await predict('{"instances":[[1,2,3,4],[0,0,0,0],[1,1,1,1]]}');
    const [after] = Object.values(await valuesOf("prediction_batch_size_sum"));
    expect((after ?? 0) - (before ?? 0)).toBe(3);
    expect(await valuesOf("prediction_queue_size")).toEqual({ '{model="sums",version="7"}': 0 });
  });

  it("tell whether the server is ready, and how long its event loop is kept busy", async () => {
    expect(await valuesOf("server_ready")).toEqual({ "": 1 });
    models.isDraining = true;
    expect(await valuesOf("server_ready")).toEqual({ "": 0 });
    models.isDraining = false;
    expect(Object.keys(await valuesOf("nodejs_eventloop_lag_p99_seconds"))).toEqual([""]);
  });

  it("leave other servers in the same process alone", async () => {
    const other = createMetrics();
    expect(await other.text(new ModelRepository(["others"]))).not.toContain('"sums"');
  });
});
