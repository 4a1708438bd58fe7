import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedSums, serveSums } from "./served-sums.ts";

const run = promisify(execFile);

function hasCurl(): boolean {
  try {
    execFileSync("curl", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    process.stderr.write("skipped: what is asked with curl, which is not on the PATH\n");
    return false;
  }
}

describe.runIf(hasCurl())("curl, as the documentations of the protocols write it", () => {
  let server: ServedSums;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-curl-"));
    server = await serveSums();
  });

  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The body of the answer at a path. */
  async function curl(path: string, ...args: string[]): Promise<Buffer> {
    const { stdout } = await run("curl", ["-s", ...args, `${server.url}${path}`], {
      cwd: folder,
      encoding: "buffer",
      timeout: 20_000,
    });
    return stdout;
  }

  const json = async (path: string, ...args: string[]): Promise<unknown> =>
    JSON.parse((await curl(path, ...args)).toString());

  const row = '{"instances": [[1.0, 2.0, 3.0, 4.0]]}';
  const tensor = { name: "image", shape: [1, 2, 2, 1], datatype: "FP32" };
  const inference = { inputs: [{ ...tensor, data: [1, 2, 3, 4] }] };
  const sums = { name: "sums", shape: [1, 2], datatype: "FP32" };
  const named = { model_name: "sums", model_version: "7" };

  it("predicts without a content type of JSON, as TensorFlow Serving's does", async () => {
    const answer = await json("/v1/models/sums:predict", "-d", row, "-X", "POST");
    expect(answer).toEqual({ predictions: [[10, 20]] });
    expect(await json("/v1/models/sums")).toMatchObject({
      model_version_status: [{ version: "7", state: "AVAILABLE" }],
    });
    expect(await json("/v1/models/sums/metadata")).toMatchObject({
      model_spec: { name: "sums", version: "7" },
    });
  });

  it("sends a file, as KServe's does, in both protocols", async () => {
    await writeFile(join(folder, "iris-input.json"), row);
    await writeFile(join(folder, "input.json"), JSON.stringify(inference, undefined, 2));
    const type = ["-H", "Content-Type: application/json", "-H", "Host: sums.example.com"];
    expect(await json("/v1/models/sums:predict", ...type, "-d", "@./iris-input.json")).toEqual({
      predictions: [[10, 20]],
    });
    expect(await json("/v2/models/sums/infer", ...type, "-d", "@./input.json")).toEqual({
      ...named,
      outputs: [{ ...sums, data: [10, 20] }],
    });
  });

  it("sends a compressed file, which is asked for before it is sent", async () => {
    await writeFile(join(folder, "input.json.gz"), gzipSync(JSON.stringify(inference)));
    const headers = ["-H", "Content-Encoding: gzip", "-H", "Expect: 100-continue"];
    const sent = ["--data-binary", "@input.json.gz"];
    expect(await json("/v2/models/sums/infer", ...headers, ...sent)).toMatchObject(named);
  });

  it("asks for health, whose status counts", async () => {
    for (const path of ["/v2/health/live", "/v2/health/ready", "/v2/models/sums/ready"]) {
      expect((await curl(path, "-o", "body", "-w", "%{http_code}")).toString()).toBe("200");
    }
    expect(await json("/")).toEqual({ status: "alive" });
  });

  it("sends and gets bytes behind the JSON", async () => {
    const inputs = [{ ...tensor, parameters: { binary_data_size: 16 } }];
    const head = JSON.stringify({ inputs, parameters: { binary_data_output: true } });
    const floats = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
    await writeFile(join(folder, "request.bin"), Buffer.concat([Buffer.from(head), floats]));
    const length = `Inference-Header-Content-Length: ${head.length}`;
    const sent = ["-H", length, "--data-binary", "@request.bin"];
    const answer = await curl("/v2/models/sums/infer", ...sent);
    expect(JSON.parse(answer.subarray(0, -8).toString())).toEqual({
      ...named,
      outputs: [{ ...sums, parameters: { binary_data_size: 8 } }],
    });
    expect([answer.readFloatLE(answer.length - 8), answer.readFloatLE(answer.length - 4)]).toEqual([
      10, 20,
    ]);
  });
});
