import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalConfig } from "../config/config.ts";
import { parseConfig } from "../config/parse-config.ts";
import { preflight } from "./preflight.ts";

async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

describe("preflight", () => {
  let folder: string;
  let busy: { server: Server; port: number };
  let freePorts: { tracker: number; inference: number };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-preflight-"));
    busy = await listening();
    const free = [await listening(), await listening()] as const;
    freePorts = { tracker: free[0].port, inference: free[1].port };
    for (const { server } of free) await new Promise((resolve) => server.close(resolve));
  });

  afterEach(() => new Promise((resolve) => busy.server.close(resolve)));

  const configOf = (tracker: number, path: string) =>
    parseConfig("updraft", {
      "updraft:tracker": JSON.stringify({ port: tracker }),
      "updraft:inference": JSON.stringify({ port: freePorts.inference }),
      "updraft:store": JSON.stringify({ path }),
    }) as LocalConfig;

  it("passes when the ports are free and the folder can be made, and leaves nothing behind", async () => {
    await preflight("dev", configOf(freePorts.tracker, join(folder, "a/b")));
    expect(await readdir(folder)).toEqual([]);
  });

  it("names a busy port and its key", async () => {
    await expect(preflight("dev", configOf(busy.port, folder))).rejects.toThrow(
      `updraft:tracker.port: port ${busy.port} on 127.0.0.1 is used by another process; stop that process or set another port`,
    );
  });

  it("names a folder that cannot be written together with a busy port", async () => {
    await writeFile(join(folder, "file"), "");
    const error = await preflight("dev", configOf(busy.port, join(folder, "file/below"))).catch(
      (reason: Error) => reason.message,
    );
    expect(error).toMatch(
      /2 problems:\n {2}- updraft:store\.path: .*file\/below cannot be written \(ENOTDIR.*\n {2}- updraft:tracker\.port/,
    );
  });
});
