import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { writeTinyPackage } from "./fixtures.ts";

const main = join(import.meta.dirname, "main.ts");

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
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    const lines = errors.trim().split("\n");
    expect(lines).toHaveLength(1);
    return { code: code as number, message: (JSON.parse(lines[0] ?? "") as { msg: string }).msg };
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
    expect(message).toContain("there is no file file:///nowhere/at/all/model.json");
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

  it("drains and ends with code 0 on SIGTERM", async () => {
    const child = spawn(process.execPath, [main], { env: environment });
    let log = "";
    child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
    await vi.waitFor(() => expect(log).toContain('"msg":"ready"'), { timeout: 20_000 });
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
  });
});
