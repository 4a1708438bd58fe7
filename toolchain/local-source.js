import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pins } from "./pins.js";

/** @typedef {import("./setup.js").Context} Context */

/**
 * For tests: a set-up of its own in a temporary folder, with a server of its own to fetch from.
 * @typedef {object} LocalSource
 * @property {string} folder
 * @property {string} url
 * @property {(path: string, content: string | Buffer) => void} serve
 * @property {(files: Record<string, string>) => Promise<Buffer>} archive packs programs by path
 * @property {(path: string, content: string) => Promise<string>} program writes one; its file
 * @property {(overrides?: Partial<Context>) => Context} context with nothing on PATH
 * @property {() => Promise<void>} remove
 */

/** @returns {Promise<LocalSource>} */
export async function localSource() {
  const folder = await mkdtemp(join(tmpdir(), "updraft-source-"));
  /** @type {Map<string, string | Buffer>} */
  const contents = new Map();
  const server = http.createServer((request, response) => {
    const content = contents.get(request.url ?? "");
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no address");

  const program = async (/** @type {string} */ path, /** @type {string} */ content) => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await chmod(file, 0o755);
    return file;
  };
  return {
    folder,
    url: `http://127.0.0.1:${address.port}`,
    serve: (path, content) => void contents.set(path, content),
    program,
    async archive(files) {
      await rm(join(folder, "packed"), { recursive: true, force: true });
      for (const [path, content] of Object.entries(files)) {
        await program(join("packed", path), content);
      }
      const file = join(folder, "packed.tar.gz");
      const tops = new Set(Object.keys(files).map((path) => path.split("/")[0] ?? ""));
      execFileSync("tar", ["-czf", file, "-C", join(folder, "packed"), ...tops]);
      return readFile(file);
    },
    context: (overrides = {}) => ({
      repository: join(folder, "repository"),
      cache: join(folder, "cache"),
      platform: "linux-x64",
      env: { PATH: join(folder, "bin") },
      pins,
      ...overrides,
    }),
    async remove() {
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

/** @param {string | Buffer} content @param {"sha256" | "md5"} [algorithm] */
export function hashOf(content, algorithm = "sha256") {
  return createHash(algorithm).update(content).digest("hex");
}

/**
 * A step that keeps what it is told.
 * @returns {import("./progress.js").Step & { told: string[] }}
 */
export function recordedStep() {
  /** @type {string[]} */
  const told = [];
  return {
    told,
    update: (text) => void told.push(text),
    done: (text) => void told.push(`done: ${text}`),
    failed: () => void told.push("failed"),
  };
}
