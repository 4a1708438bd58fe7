import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { freePort } from "@updraft/contracts/free-port";
import { minioProgram, startMinio } from "@updraft/contracts/minio-under-test";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { writeTinyPackage } from "./fixtures.ts";

const main = join(import.meta.dirname, "main.ts");

const minio = minioProgram("a server that loads from a bucket");

/** A store's address at which nothing listens until it is opened. */
async function awayStore() {
  const port = await freePort();
  return {
    variables: {
      S3_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "me",
      AWS_SECRET_ACCESS_KEY: "the-secret",
    },
    /** Leads there to a server that is elsewhere. */
    async open(url: string): Promise<Server> {
      const relay = createServer((socket) => {
        const other = connect(Number(new URL(url).port), "127.0.0.1");
        for (const end of [socket, other]) end.on("error", () => undefined);
        socket.pipe(other).pipe(socket);
      });
      await new Promise<void>((resolve) => relay.listen(port, "127.0.0.1", resolve));
      return relay;
    },
  };
}

async function copyPackage(from: string, to: string, variables: Record<string, string>) {
  const [source, target] = [openArtifactStore(from), openArtifactStore(to, variables)];
  for (const file of ["model.json", "weights.bin", "signature.json", "card.json"]) {
    await target.write(file, await source.read(file));
  }
}

describe("the server's process", () => {
  let environment: Record<string, string>;

  beforeAll(async () => {
    const { uri, digest } = await writeTinyPackage(
      await mkdtemp(join(tmpdir(), "updraft-server-")),
    );
    environment = {
      PATH: process.env["PATH"] ?? "",
      PORT: "0",
      MODEL_NAME: "sums",
      MODEL_VERSION: "1",
      MODEL_URI: uri,
      MODEL_DIGEST: digest,
    };
  });

  async function failure(changes: Record<string, string>) {
    const child = spawn(process.execPath, [main], { env: { ...environment, ...changes } });
    const [errors, waited, [code]] = await Promise.all([
      text(child.stderr),
      text(child.stdout),
      once(child, "exit"),
    ]);
    const lines = errors.trim().split("\n");
    expect(lines).toHaveLength(1);
    const { msg: message } = JSON.parse(lines[0] ?? "") as { msg: string };
    return { code: code as number, message, waited };
  }

  /** A process that listens, and what waits for a text in its log. */
  async function started(changes: Record<string, string>) {
    const child = spawn(process.execPath, [main], { env: { ...environment, ...changes } });
    onTestFinished(() => void child.kill("SIGKILL"));
    let log = "";
    child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
    const logged = (part: string) =>
      vi.waitFor(() => expect(log).toContain(part), { timeout: 20_000 });
    await logged('"msg":"listening"');
    const port = /"port":(\d+)/.exec(log)?.[1] ?? "";
    return { child, logged, url: `http://127.0.0.1:${port}` };
  }

  it("ends with every bad setting in one message, and code 2", async () => {
    const { code, message } = await failure({ PORT: "http", LOG_LEVEL: "loud", MODEL_DIGEST: "x" });
    expect(code).toBe(2);
    expect(message).toMatch(
      /^the server's settings cannot be used: PORT: .*LOG_LEVEL: .*MODEL_DIGEST: /,
    );
  });

  it("ends with both digests when the package is another one", async () => {
    const other = `sha256:${"0".repeat(64)}`;
    const { code, message } = await failure({ MODEL_DIGEST: other });
    expect(code).toBe(1);
    expect(message).toContain(`expected ${other}, found ${environment["MODEL_DIGEST"]}`);
  });

  it("ends with the address of a package that is not there", async () => {
    const { code, message } = await failure({ MODEL_URI: "file:///nowhere/at/all" });
    expect(code).toBe(1);
    // They are read at the same time, and any may be the first.
    expect(message).toMatch(/^there is no file file:\/\/\/nowhere\/at\/all\/[a-z.]+$/);
  });

  it("ends with what is missing when its engine is not installed", async () => {
    const hook = `import { registerHooks } from "node:module";
      registerHooks({
        resolve(name, context, next) {
          if (name === "@tensorflow/tfjs-node") throw new Error("not here");
          return next(name, context);
        },
      });`;
    const { code, message } = await failure({
      SERVER_ENGINE: "tfjs-node",
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}`,
    });
    expect(code).toBe(1);
    expect(message).toBe(
      "SERVER_ENGINE is tfjs-node, and @tensorflow/tfjs-node with its native library cannot be loaded; install it, or set SERVER_ENGINE=wasm",
    );
  });

  it("ends with the port when that is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const { code, message } = await failure({ PORT: String(port) });
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(1);
    expect(message).toContain(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
  });

  it("ends with what is wrong when its store is away for too long", async () => {
    const { code, message, waited } = await failure({
      ...(await awayStore()).variables,
      MODEL_URI: "s3://models/sums",
      STARTUP_WAIT_SECONDS: "4",
    });
    expect(code).toBe(1);
    expect(message).toContain("cannot be reached (ECONNREFUSED); start it, or set S3_ENDPOINT_URL");
    expect(waited).toContain("waiting for the model's store: http://127.0.0.1:");
  });

  it("lives and is not ready while its store is away, and then still ends when asked to", async () => {
    const { child, url, logged } = await started({
      ...(await awayStore()).variables,
      MODEL_URI: "s3://models/sums",
      STARTUP_WAIT_SECONDS: "600",
    });
    await logged("waiting for the model's store");
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(`${url}/ready`)).status).toBe(503);

    child.kill("SIGTERM");

    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it.runIf(existsSync("/proc/self/maps"))(
    "loads what decodes images when the first image comes, not before",
    async () => {
      const { child, url, logged } = await started({});
      await logged('"msg":"ready"');
      const hasLibrary = async () =>
        (await readFile(`/proc/${child.pid}/maps`, "utf8")).includes("libvips");
      const ask = (body: string) => fetch(`${url}/predict`, { method: "POST", body });
      expect((await ask('{"features":[1,2,3,4]}')).status).toBe(200);
      expect(await hasLibrary()).toBe(false);
      const white =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";
      expect((await ask(`{"image":"data:image/png;base64,${white}"}`)).status).toBe(200);
      expect(await hasLibrary()).toBe(true);
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  );

  it("waits for a head and a body no longer than it is told", async () => {
    const { url, logged } = await started({ HEAD_SECONDS: "0.5", BODY_SECONDS: "1.5" });
    await logged('"msg":"ready"');
    const head = "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n";
    const ends = [head, `${head}\r\n{`].map(async (bytes) => {
      const begun = performance.now();
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      socket.write(bytes);
      const answer = await text(socket);
      return { answer, seconds: (performance.now() - begun) / 1000 };
    });
    const [slowHead, slowBody] = await Promise.all(ends);
    expect(slowHead?.answer).toMatch(/^HTTP\/1\.1 408 .*"the request took too long to arrive"/s);
    expect(slowBody?.answer).toBe(slowHead?.answer);
    expect(slowHead?.seconds).toBeGreaterThanOrEqual(0.5);
    expect(slowBody?.seconds).toBeGreaterThanOrEqual(1.5);
  });

  it("drains and ends with code 0 on SIGTERM", async () => {
    const { child, logged } = await started({});
    await logged('"msg":"ready"');
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("is not ready but answers after SIGTERM, on connections old and new", async () => {
    const { child, url, logged } = await started({ LAME_DUCK_SECONDS: "60" });
    await logged('"msg":"ready"');
    const predict = async (headers: Record<string, string> = {}) => {
      const body = '{"instances":[[1,2,3,4]]}';
      const path = `${url}/v1/models/sums:predict`;
      const answer = await fetch(path, { method: "POST", body, headers });
      return [await answer.text(), answer.headers.get("connection")];
    };
    expect(await predict()).toEqual(['{"predictions":[[10,20]]}', "keep-alive"]);

    child.kill("SIGTERM");
    await logged("asked to stop");

    expect((await fetch(`${url}/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    for (const connection of ["keep-alive", "keep-alive", "close"]) {
      expect(await predict({ connection })).toEqual(['{"predictions":[[10,20]]}', "close"]);
    }
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
  });

  it.runIf(minio)("loads from a store that comes later, and does without it then", async () => {
    const server = await startMinio(minio ?? "");
    const store = await awayStore();
    const bucket = await server.newBucket();
    await copyPackage(environment["MODEL_URI"] ?? "", `s3://${bucket}/sums`, server.variables);
    const { child, url, logged } = await started({
      ...server.variables,
      S3_ENDPOINT_URL: store.variables.S3_ENDPOINT_URL,
      MODEL_URI: `s3://${bucket}/sums`,
    });
    await logged("waiting for the model's store");

    const relay = await store.open(server.url);
    await logged('"msg":"ready"');
    expect((await fetch(`${url}/ready`)).status).toBe(200);

    relay.close();
    await server.stop();
    const body = '{"instances":[[1,2,3,4]]}';
    const answer = await fetch(`${url}/v1/models/sums:predict`, { method: "POST", body });
    expect(await answer.json()).toEqual({ predictions: [[10, 20]] });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    child.kill("SIGKILL");
    await once(child, "exit");
  });
});
