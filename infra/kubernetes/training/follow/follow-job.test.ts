import { execFile } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readerOf } from "./cluster-reader.ts";
import { followJob } from "./follow-job.ts";
import type { News } from "./job-news.ts";

type Answer = (response: http.ServerResponse, url: URL) => void;

const jobPath = "/apis/batch/v1/namespaces/stack/jobs/training-a";
const podsPath = "/api/v1/namespaces/stack/pods";
const logPath = "/api/v1/namespaces/stack/pods/training-a-x/log";
const eventsPath = "/api/v1/namespaces/stack/events";

const json =
  (value: unknown, status = 200): Answer =>
  (response) =>
    void response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify(value));

const job = (status: object = {}) => json({ spec: { completions: 3 }, status });
const ended = job({ conditions: [{ type: "Complete", status: "True" }] });
const pods = (...states: object[]) =>
  json({
    items: states.map((state) => ({
      metadata: { name: "training-a-x", creationTimestamp: "2026-07-14T09:35:12Z" },
      spec: { nodeName: "gpu-1" },
      status: { phase: "Pending", containerStatuses: [{ state }] },
    })),
  });

describe("following a Job", () => {
  let server: http.Server;
  let config: KubeConfig;
  /** Answers by path, one after another; the last one again and again. */
  let answers: Record<string, Answer[]>;
  let asked: string[];

  beforeEach(async () => {
    [answers, asked] = [{}, []];
    server = http.createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://cluster");
      asked.push(`${url.pathname}${url.search}`);
      const queue = answers[url.pathname] ?? [];
      const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? json({}, 404);
      answer(response, url);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "c", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: "u", token: "t" },
    );
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  async function follow(by: "log" | "trials" = "log"): Promise<News[]> {
    const news: News[] = [];
    await followJob({
      reader: readerOf(config),
      namespace: "stack",
      job: "training-a",
      by,
      say: (one) => void news.push(one),
      signal: AbortSignal.timeout(20_000),
      pauseMs: 5,
    });
    return news;
  }

  it("tells what a pod waits for once, then what it prints, and ends with the Job", async () => {
    const waiting = { waiting: { reason: "ErrImagePull", message: "not found" } };
    answers = {
      [jobPath]: [json({}, 404), job(), job(), job(), ended],
      [podsPath]: [pods(), pods(waiting), pods(waiting), pods({ running: {} })],
      [eventsPath]: [json({ items: [] })],
      [logPath]: [
        (response) => {
          response.write("2026-07-14T09:35:13.000000001Z epoch 1/1  loss 0.1\n");
          response.end("2026-07-14T09:35:14.000000001Z released digits version 4\n");
        },
      ],
    };
    expect(await follow()).toEqual([
      { text: "pod training-a-x waits: ErrImagePull: not found", isLasting: true },
      { text: "epoch 1/1  loss 0.1", isLasting: false },
      { text: "released digits version 4", isLasting: true },
    ]);
  });

  it("goes on where it was after a broken connection, and says no line twice", async () => {
    answers = {
      [jobPath]: [job(), job(), ended],
      [podsPath]: [pods({ running: {} }), pods({ running: {} }), pods({ terminated: {} })],
      [logPath]: [
        (response) => {
          response.write(
            "2026-07-14T09:35:13.000000001Z one\n2026-07-14T09:35:13.000000002Z two\n",
          );
          setTimeout(() => response.destroy(), 20);
        },
        (response) =>
          void response.end(
            "2026-07-14T09:35:13.000000002Z two\n2026-07-14T09:35:14.000000000Z three\n",
          ),
        (response) => void response.end("2026-07-14T09:35:14.000000000Z three\n"),
      ],
    };
    expect((await follow()).map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(asked.filter((path) => path.startsWith(logPath))).toEqual([
      `${logPath}?container=trainer&follow=true&timestamps=true`,
      `${logPath}?container=trainer&follow=true&timestamps=true&sinceTime=2026-07-14T09%3A35%3A13.000000002Z`,
      `${logPath}?container=trainer&follow=true&timestamps=true&sinceTime=2026-07-14T09%3A35%3A14.000000000Z`,
    ]);
  });

  it("tells why there is no pod at all", async () => {
    answers = {
      [jobPath]: [job(), job({ conditions: [{ type: "Failed", status: "True" }] })],
      [podsPath]: [pods()],
      [eventsPath]: [json({ items: [{ message: "old" }, { message: "exceeded quota: stack" }] })],
    };
    expect(await follow()).toEqual([
      { text: "training-a gets no pod: exceeded quota: stack", isLasting: true },
    ]);
  });

  it("counts trials", async () => {
    answers = {
      [jobPath]: [job({ active: 2 }), job({ active: 2 }), job({ active: 1, succeeded: 2 }), ended],
      [podsPath]: [pods({ running: {} })],
    };
    expect((await follow("trials")).map(({ text }) => text)).toEqual([
      "trials: 0 of 3 done, 2 running",
      "trials: 2 of 3 done, 1 running",
      "trials: 0 of 3 done, 0 running",
    ]);
  });

  it("outlasts a cluster that is away and one that lets it read nothing", async () => {
    answers = {
      [jobPath]: [(response) => response.destroy(), json({ message: "forbidden" }, 403), ended],
      [podsPath]: [pods({ terminated: {} })],
      [logPath]: [(response) => void response.end("2026-07-14T09:35:13.000000001Z one\n")],
    };
    expect((await follow()).map(({ text }) => text)).toEqual(["one"]);
  });

  it("keeps no process that has nothing else to do", async () => {
    answers = {
      [jobPath]: [job()],
      [podsPath]: [pods({ running: {} })],
      // A log that never ends.
      [logPath]: [(response) => void response.write("2026-07-14T09:35:13.000000001Z one\n")],
    };
    const script = `
      import { KubeConfig } from "@kubernetes/client-node";
      import { readerOf } from "./cluster-reader.ts";
      import { followJob } from "./follow-job.ts";
      const config = new KubeConfig();
      config.loadFromString(${JSON.stringify(config.exportConfig())});
      // What the update itself does, which is over once a line has come.
      const busy = setInterval(() => {}, 1000);
      void followJob({
        reader: readerOf(config),
        namespace: "stack",
        job: "training-a",
        by: "log",
        say: ({ text }) => {
          console.log(text);
          clearInterval(busy);
        },
        signal: new AbortController().signal,
        pauseMs: 5,
      });
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module-typescript", "--eval", script],
      { cwd: import.meta.dirname, timeout: 20_000 },
    );
    expect(stdout).toBe("one\n");
  });
});
