import { randomBytes } from "node:crypto";
import { minioProgram, startMinio, type MinioUnderTest } from "@updraft/contracts/minio-under-test";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { createS3Transfers } from "@updraft/contracts/s3/s3-transfers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

const program = minioProgram("artifacts that go between clients and a bucket");
const proxy = "/api/2.0/mlflow-artifacts";
const mebibyte = 1024 * 1024;

let tracker: TrackerUnderTest;

async function post(path: string, fields: object) {
  const response = await fetch(`${tracker.url}${proxy}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function serverInfo(): Promise<unknown> {
  return (await fetch(`${tracker.url}/api/3.0/mlflow/server-info`)).json();
}

interface Upload {
  readonly upload_id: string;
  readonly credentials: readonly { url: string; part_number: number; headers: object }[];
}

async function begin(folder: string, path: string, num_parts: number): Promise<Upload> {
  const { status, body } = await post(`/mpu/create/${folder}`, { path, num_parts });
  expect(status).toBe(200);
  return body as unknown as Upload;
}

/** Puts the parts where the tracker has said, with nothing that it has not given. */
async function putParts({ credentials }: Upload, parts: readonly Uint8Array<ArrayBuffer>[]) {
  return Promise.all(
    credentials.map(async ({ url, part_number }, index) => {
      const answer = await fetch(url, { method: "PUT", body: parts[index] ?? null });
      expect(answer.status).toBe(200);
      return { part_number, etag: answer.headers.get("ETag") };
    }),
  );
}

function artifact(path: string): Promise<Response> {
  return fetch(`${tracker.url}${proxy}/artifacts/${path}`);
}

describe("long artifacts of a tracker with a folder", () => {
  beforeAll(async () => {
    tracker = await startTracker();
  });
  afterAll(() => tracker.stop());

  it("go through the tracker, as it tells its clients", async () => {
    expect(await serverInfo()).toMatchObject({
      multipart_uploads_enabled: false,
      multipart_downloads_enabled: false,
    });
    const fields = {
      path: "a",
      num_parts: 1,
      upload_id: "x",
      parts: [{ part_number: 1, etag: "e" }],
    };
    for (const operation of ["create", "complete", "abort"]) {
      expect(await post(`/mpu/${operation}/1/r`, fields)).toEqual({
        status: 501,
        body: {
          error_code: "NOT_IMPLEMENTED",
          message: "Multipart upload is not supported for the current artifact repository",
        },
      });
    }
    const answer = await fetch(`${tracker.url}${proxy}/presigned/1/r/a`);
    expect([answer.status, await answer.json()]).toEqual([
      501,
      {
        error_code: "NOT_IMPLEMENTED",
        message: "Multipart download is not supported for the current artifact repository",
      },
    ]);
    expect(tracker.logged).toEqual([]);
  });
});

describe.runIf(program)("long artifacts of a tracker with a bucket that clients reach", () => {
  let minio: MinioUnderTest;
  let bucket: string;
  beforeAll(async () => {
    minio = await startMinio(program ?? "");
    bucket = await minio.newBucket();
    const uri = `s3://${bucket}/tracker`;
    // Clients know the store by another name than the tracker does.
    const publicEndpoint = minio.url.replace("127.0.0.1", "localhost");
    tracker = await startTracker({
      artifacts: openArtifactStore(uri, minio.variables),
      transfers: createS3Transfers(uri, minio.variables, { publicEndpoint, downloadSeconds: 60 }),
    });
  });
  afterAll(async () => {
    await tracker.stop();
    await minio.stop();
  });

  it("are sent to it in parts, without its keys", async () => {
    expect(await serverInfo()).toMatchObject({
      multipart_uploads_enabled: true,
      multipart_downloads_enabled: true,
    });
    const parts = [randomBytes(5 * mebibyte), randomBytes(5 * mebibyte), randomBytes(1000)];

    const upload = await begin("1/r/artifacts/sub%20folder", "/home/me/weights 1.bin", 3);
    expect(upload.credentials.map(({ part_number }) => part_number)).toEqual([1, 2, 3]);
    const secret = minio.variables["AWS_SECRET_ACCESS_KEY"] ?? "";
    expect(JSON.stringify(upload)).not.toContain(secret);
    expect(new URL(upload.credentials[0]?.url ?? "").hostname).toBe("localhost");
    const sent = await putParts(upload, parts);
    const file = "1/r/artifacts/sub%20folder/weights%201.bin";
    expect((await artifact(file)).status).toBe(404);
    const fields = { path: "weights 1.bin", upload_id: upload.upload_id, parts: sent.toReversed() };
    const complete = () => post("/mpu/complete/1/r/artifacts/sub%20folder", fields);

    expect(await complete()).toEqual({ status: 200, body: {} });
    const got = Buffer.from(await (await artifact(file)).arrayBuffer());
    expect(got.equals(Buffer.concat(parts))).toBe(true);
    // Whoever has lost the answer asks again.
    expect(await complete()).toEqual({ status: 200, body: {} });
  });

  it("are fetched from it by an address for just this file", async () => {
    const content = randomBytes(2 * mebibyte);
    const url = `${tracker.url}${proxy}/artifacts/2/r/a%20b.html`;
    await fetch(url, { method: "PUT", body: content });

    const answer = await fetch(`${tracker.url}${proxy}/presigned/2/r/a%20b.html`);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const presigned = (await answer.json()) as { url: string; headers: object; file_size: number };
    expect(presigned).toMatchObject({ headers: {}, file_size: 2 * mebibyte });
    expect(JSON.stringify(presigned)).not.toContain(minio.variables["AWS_SECRET_ACCESS_KEY"]);
    const part = await fetch(presigned.url, { headers: { range: "bytes=1000-1999" } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(content.subarray(1000, 2000))).toBe(true);
    // A browser saves it, whatever it is.
    expect(part.headers.get("Content-Type")).toBe("application/octet-stream");
    expect(part.headers.get("Content-Disposition")).toBe("attachment; filename*=UTF-8''a%20b.html");

    expect((await fetch(presigned.url.replace("a%20b", "another"))).status).toBe(403);
    const missing = await fetch(`${tracker.url}${proxy}/presigned/2/r/nothing`);
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { error_code: "RESOURCE_DOES_NOT_EXIST" },
    ]);
  });

  it("leave nothing when they are given up, however often", async () => {
    const upload = await begin("3/r", "file.bin", 1);
    const parts = await putParts(upload, [randomBytes(1000)]);
    const fields = { path: "file.bin", upload_id: upload.upload_id };

    expect(await post("/mpu/abort/3/r", fields)).toEqual({ status: 200, body: {} });
    expect(await post("/mpu/abort/3/r", fields)).toEqual({ status: 200, body: {} });
    expect(await post("/mpu/complete/3/r", { ...fields, parts })).toEqual({
      status: 400,
      body: {
        error_code: "INVALID_PARAMETER_VALUE",
        message: `the upload ${upload.upload_id} of 3/r/file.bin cannot be completed (NoSuchUpload); begin a new one`,
      },
    });
    expect((await artifact("3/r/file.bin")).status).toBe(404);
  });

  it("are refused with parts that were never sent, or are too short", async () => {
    const upload = await begin("4/r", "file.bin", 2);
    const parts = await putParts(upload, [randomBytes(1000), randomBytes(1000)]);
    const complete = async (sent: object[]) => {
      const fields = { path: "file.bin", upload_id: upload.upload_id, parts: sent };
      const { status, body } = await post("/mpu/complete/4/r", fields);
      return [status, /\((\w+)\)/.exec(String(body.message))?.[1]];
    };

    expect(await complete([{ part_number: 1, etag: '"0"' }])).toEqual([400, "InvalidPart"]);
    expect(await complete(parts)).toEqual([400, "EntityTooSmall"]);
  });

  it.each([
    ["create", { path: "a", num_parts: 0 }, "num_parts"],
    ["create", { path: "a", num_parts: 10_001 }, "num_parts"],
    ["create", { path: "a", num_parts: "x" }, "num_parts"],
    ["create", { num_parts: 1 }, "path"],
    ["complete", { path: "a", upload_id: "x", parts: [] }, "parts"],
    ["complete", { path: "a", upload_id: "x", parts: [{ part_number: 1 }] }, "parts[0].etag"],
    ["complete", { path: "a", parts: [{ part_number: 1, etag: "x" }] }, "upload_id"],
    ["abort", { path: "a" }, "upload_id"],
  ])("refuse %s with %j", async (operation, fields, name) => {
    expect(await post(`/mpu/${operation}/5/r`, fields)).toEqual({
      status: 400,
      body: {
        error_code: "INVALID_PARAMETER_VALUE",
        message: expect.stringContaining(`parameter '${name}'`),
      },
    });
  });

  it("are refused where a folder or file has the name, and with a body that is no JSON", async () => {
    await fetch(`${tracker.url}${proxy}/artifacts/6/r/a/b.txt`, { method: "PUT", body: "x" });

    for (const [folder, path] of [
      ["6/r", "a"],
      ["6/r/a/b.txt", "c"],
    ]) {
      expect(await post(`/mpu/create/${folder}`, { path, num_parts: 1 })).toMatchObject({
        status: 400,
        body: { error_code: "INVALID_PARAMETER_VALUE" },
      });
    }
    const answer = await fetch(`${tracker.url}${proxy}/mpu/create/6/r`, {
      method: "POST",
      body: "no JSON",
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error_code: "BAD_REQUEST" },
    ]);
  });

  it("may have as many parts as S3 takes", async () => {
    const upload = await begin("7/r", "huge (1) + !.bin", 10_000);

    expect(new Set(upload.credentials.map(({ url }) => url)).size).toBe(10_000);
    const last = upload.credentials.at(-1);
    const answer = await fetch(last?.url ?? "", { method: "PUT", body: "the last part" });
    expect(answer.status).toBe(200);
    const parts = [{ part_number: 10_000, etag: answer.headers.get("ETag") }];
    const fields = { path: "huge (1) + !.bin", upload_id: upload.upload_id, parts };
    expect((await post("/mpu/complete/7/r", fields)).status).toBe(200);
    const name = encodeURIComponent("huge (1) + !.bin");
    expect(await (await artifact(`7/r/${name}`)).text()).toBe("the last part");
  });
});
