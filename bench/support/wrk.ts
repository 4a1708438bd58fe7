import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What is posted again and again. */
export interface Post {
  /** On 127.0.0.1. */
  readonly url: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the clients have seen. */
export interface Load {
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly requestsPerSecond: number;
}

/**
 * Posts a body over connections that are kept alive, each one request after another. wrk takes a
 * tenth of the CPU time that a client in Node would take from the server beside it.
 * @throws if wrk is not installed, or if any answer is no 2xx
 */
export async function load(
  { url, body, headers }: Post,
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
): Promise<Load> {
  const folder = await mkdtemp(join(tmpdir(), "updraft-wrk-"));
  try {
    const [bodyFile, script] = [join(folder, "body"), join(folder, "post.lua")];
    await writeFile(bodyFile, body);
    const lines = Object.entries(headers).map(
      ([name, value]) => `wrk.headers["${name}"] = "${value}"`,
    );
    const file = `local file = io.open("${bodyFile}", "rb")\nwrk.body = file:read("*a")\nfile:close()`;
    await writeFile(script, ['wrk.method = "POST"', file, ...lines].join("\n"));
    const flags = [
      "-t",
      "1",
      "-c",
      `${clients}`,
      "-d",
      `${seconds}s`,
      "--latency",
      "--timeout",
      "30s",
      "-s",
      script,
    ];
    const { stdout } = await run("wrk", [...flags, url], { timeout: (seconds + 30) * 1000 });
    return parse(stdout);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw isMissing ? new Error("wrk is not installed; apt-get install wrk does that") : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parse(report: string): Load {
  const wrong = /^.*(Non-2xx|Socket errors).*$/m.exec(report);
  if (wrong) throw new Error(wrong[0].trim());
  const quantile = (share: string) => {
    const [, value = "", unit = ""] =
      new RegExp(`^\\s+${share}%\\s+([\\d.]+)(us|ms|s|m)$`, "m").exec(report) ?? [];
    return Number(value) * ({ us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit] ?? Number.NaN);
  };
  return {
    p50Milliseconds: quantile("50"),
    p99Milliseconds: quantile("99"),
    requestsPerSecond: Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(report)?.[1]),
  };
}
