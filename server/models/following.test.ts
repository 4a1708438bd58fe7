import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { freePort } from "@updraft/contracts/free-port";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type TinyPackageOptions, writeTinyPackage } from "../fixtures.ts";

const [server, tracker] = ["main.ts", "../tracker/main.ts"].map((path) =>
  join(import.meta.dirname, "..", path),
) as [string, string];

const adminToken = "an-administrator's-token";

/** A process of ours, and what waits for something in its log. */
async function started(main: string, variables: Record<string, string>) {
  const env = { PATH: process.env["PATH"] ?? "", ...variables };
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let log = "";
  child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const logged = async (part: string) =>
    vi.waitFor(
      () => {
        const line = log.split("\n").find((each) => each.includes(part));
        if (line === undefined) throw new Error(`no line of the log has ${part}:\n${log}`);
        return JSON.parse(line) as Record<string, unknown>;
      },
      { timeout: 20_000 },
    );
  const url = `http://127.0.0.1:${Number((await logged('"port":'))["port"])}`;
  return { child, logged, url };
}

async function end(child: ChildProcess) {
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** A tracker with the model `sums`, which has no version yet. */
async function startRegistry() {
  const folder = await mkdtemp(join(tmpdir(), "updraft-registry-"));
  const variables = {
    PORT: String(await freePort()),
    MLFLOW_BACKEND_STORE_URI: `sqlite:///${folder}/tracker.db`,
    MLFLOW_ARTIFACTS_DESTINATION: pathToFileURL(join(folder, "artifacts")).href,
  };
  let { child, url } = await started(tracker, variables);
  const call = async (path: string, fields: object) => {
    const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "sums", ...fields }),
    });
    expect(await answer.text()).not.toContain("error_code");
  };
  await call("registered-models/create", {});
  return {
    url,
    /** Registers a package as the next version. */
    async register(options: TinyPackageOptions, tag?: string) {
      const { uri, digest } = await writeTinyPackage(join(folder, "packages"), options);
      const tags = [{ key: "updraft.digest", value: tag ?? digest }];
      await call("model-versions/create", { source: uri, tags });
    },
    point: (version: string) => call("registered-models/alias", { alias: "champion", version }),
    stage: (version: string, stage: string) =>
      call("model-versions/transition-stage", { version, stage }),
    stop: () => end(child),
    async startAgain() {
      ({ child, url } = await started(tracker, variables));
    },
  };
}

const followed = (url: string, changes: Record<string, string> = { MODEL_ALIAS: "champion" }) =>
  started(server, {
    PORT: "0",
    MODEL_NAME: "sums",
    MODEL_POLL_SECONDS: "0.1",
    MLFLOW_TRACKING_URI: url,
    ADMIN_TOKEN: adminToken,
    ...changes,
  });

/** What the server answers to 1, 2, 3, 4: the version, and the first of its values. */
async function ask(url: string) {
  const tensor = { name: "image", shape: [1, 2, 2, 1], datatype: "FP32", data: [1, 2, 3, 4] };
  const body = JSON.stringify({ inputs: [tensor] });
  const answer = await fetch(`${url}/v2/models/sums/infer`, { method: "POST", body });
  const { model_version: version, outputs } = (await answer.json()) as {
    model_version: string;
    outputs?: { data: number[] }[];
  };
  return { status: answer.status, version, value: outputs?.[0]?.data[0] };
}

const untilServed = (url: string, version: string) =>
  vi.waitFor(async () => expect(await ask(url)).toMatchObject({ status: 200, version }), {
    timeout: 20_000,
  });

const metricsOf = async (url: string) => (await fetch(`${url}/metrics`)).text();

describe("a server that follows an alias", () => {
  it("waits for the first version, and swaps under load without failing or mixing", async () => {
    const registry = await startRegistry();
    const { url } = await followed(registry.url);
    expect(await ask(url)).toMatchObject({ status: 503 });
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    await registry.register({});
    await registry.register({ factor: 3 });
    await registry.point("1");
    await untilServed(url, "1");
    expect((await fetch(`${url}/ready`)).status).toBe(200);

    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    const over = new AbortController();
    const clients = Array.from({ length: 8 }, async () => {
      while (!over.signal.aborted) answers.push(await ask(url));
    });
    for (const version of ["2", "1", "2", "1", "2"]) {
      await registry.point(version);
      await untilServed(url, version);
    }
    over.abort();
    await Promise.all(clients);

    const kinds = new Set(answers.map((answer) => JSON.stringify(answer)));
    expect([...kinds].toSorted()).toEqual([
      '{"status":200,"version":"1","value":10}',
      '{"status":200,"version":"2","value":30}',
    ]);
    expect(answers.length).toBeGreaterThan(100);
    expect((await fetch(`${url}/v1/models/sums/labels/champion`)).status).toBe(200);
    const active = (await metricsOf(url)).match(/^active_model_version\{.*$/gm);
    expect(active).toEqual([expect.stringMatching(/version="2",digest="sha256:\w+"\} 1$/)]);
  });

  it("refuses bad versions loudly, once each, and goes on with the one it has", async () => {
    const registry = await startRegistry();
    await registry.register({});
    await registry.register({ factor: 2 }, `sha256:${"0".repeat(64)}`);
    await registry.register({ factor: 4, exampleAnswer: [1, 1] });
    await registry.register({ factor: 5 }, "none");
    await registry.register({ factor: 6 });
    await registry.point("1");
    const { url, logged } = await followed(registry.url);
    await untilServed(url, "1");
    for (const [count, version, why] of [
      [1, "2", "is not the one that was released: expected sha256:0000"],
      [2, "3", "does not answer its own example: expected [1, 1], got [40, 80]"],
      [3, "4", "has no tag updraft.digest with the digest of a package"],
    ] as const) {
      await registry.point(version);
      const line = await logged(`version ${version} was refused, and version 1 goes on serving`);
      expect(line).toMatchObject({ level: 50, model: "sums", msg: expect.stringContaining(why) });
      expect(await metricsOf(url)).toContain(`model_refused_total{model="sums"} ${count}\n`);
      expect(await ask(url)).toEqual({ status: 200, version: "1", value: 10 });
    }
    expect(await metricsOf(url)).toMatch(/^active_model_version\{model="sums",version="1",.* 1$/m);
    await registry.point("5");
    await untilServed(url, "5");
    expect(await metricsOf(url)).toContain('model_refused_total{model="sums"} 3\n');
  });

  it("goes on while the registry is away, and follows it again when it is back", async () => {
    const registry = await startRegistry();
    await registry.register({});
    await registry.register({ factor: 3 });
    await registry.point("1");
    const { url, logged } = await followed(registry.url);
    await untilServed(url, "1");
    await registry.stop();
    expect((await logged("the registry does not answer"))["level"]).toBe(40);
    expect(await ask(url)).toEqual({ status: 200, version: "1", value: 10 });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    await registry.startAgain();
    await registry.point("2");
    await untilServed(url, "2");
    expect(await ask(url)).toEqual({ status: 200, version: "2", value: 30 });
  });

  it("follows a stage as well", async () => {
    const registry = await startRegistry();
    await registry.register({});
    await registry.register({ factor: 3 });
    await registry.stage("2", "Production");
    const { url } = await followed(registry.url, { MODEL_STAGE: "Production" });
    await untilServed(url, "2");
    await registry.stage("2", "Archived");
    await registry.stage("1", "Production");
    await untilServed(url, "1");
    expect(await ask(url)).toEqual({ status: 200, version: "1", value: 10 });
  });

  it("unloads and loads for who has the administrator's token", async () => {
    const registry = await startRegistry();
    await registry.register({});
    await registry.register({ factor: 3 }, `sha256:${"0".repeat(64)}`);
    await registry.point("1");
    const { url } = await followed(registry.url, {
      MODEL_ALIAS: "champion",
      MODEL_POLL_SECONDS: "600",
    });
    await untilServed(url, "1");
    const order = async (verb: string, token: string) => {
      const answer = await fetch(`${url}/v2/repository/models/sums/${verb}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
      });
      return [answer.status, await answer.json()];
    };
    const state = async () =>
      (await fetch(`${url}/v2/repository/index`, { method: "POST" })).json();
    expect((await order("unload", "another-token-of-length"))[0]).toBe(401);
    expect(await ask(url)).toMatchObject({ status: 200 });
    expect(await order("unload", adminToken)).toEqual([200, {}]);
    expect(await ask(url)).toMatchObject({ status: 503 });
    expect(await state()).toEqual([
      { name: "sums", version: "", state: "UNAVAILABLE", reason: "the model was unloaded" },
    ]);
    expect(await order("load", adminToken)).toEqual([200, {}]);
    expect(await ask(url)).toEqual({ status: 200, version: "1", value: 10 });
    await registry.point("2");
    const problem = "version 2 was refused; the server's log says why";
    expect(await order("load", adminToken)).toEqual([409, { error: problem }]);
    expect(await ask(url)).toEqual({ status: 200, version: "1", value: 10 });
    expect(await state()).toEqual([
      { name: "sums", version: "1", state: "READY", reason: problem },
    ]);
  });
});
