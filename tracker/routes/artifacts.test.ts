import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { minioProgram, startMinio, type MinioUnderTest } from "@updraft/contracts/minio-under-test";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

const program = minioProgram("artifacts of the tracker in a bucket");

let tracker: TrackerUnderTest;

const base = "/api/2.0/mlflow-artifacts/artifacts";

function artifact(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${tracker.url}${base}/${path}`, init);
}

function put(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  type = "text/plain",
): Promise<Response> {
  return artifact(path, { method: "PUT", body, headers: { "Content-Type": type } });
}

async function listed(path: string): Promise<unknown> {
  const query = new URLSearchParams({ path });
  return (await fetch(`${tracker.url}${base}?${query}`)).json();
}

/** Asks with just these headers: `fetch` would add that no copy is to be used. */
async function asked(path: string, headers: Record<string, string>): Promise<unknown> {
  const [answer] = (await once(get(`${tracker.url}${base}/${path}`, { headers }), "response")) as [
    IncomingMessage,
  ];
  return [answer.statusCode, await text(answer)];
}

/** Asks for a part: status, which part it is, content. */
async function part(path: string, range: string, headers: Record<string, string> = {}) {
  const answer = await artifact(path, { headers: { range, ...headers } });
  return [answer.status, answer.headers.get("Content-Range"), await answer.text()];
}

/** Fields with which every operation on an upload would do something, were its path sound. */
const soundUpload = JSON.stringify({
  path: "/home/me/file.bin",
  num_parts: 1,
  upload_id: "x",
  parts: [{ part_number: 1, etag: "x" }],
});

/** Sends a request line as it is: `fetch` would tidy the path up. */
async function rawStatus(method: string, path: string, body = ""): Promise<string> {
  const socket = connect(Number(new URL(tracker.url).port), "127.0.0.1");
  socket.write(
    `${method} ${path} HTTP/1.1\r\nHost: tracker\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const answer = await text(socket);
  return `${answer.split(" ")[1]} ${/"error_code":"(\w+)"/.exec(answer)?.[1] ?? ""}`;
}

/** Paths that would lead out of the store, encoded once and more often. */
const escapes = [
  "/../../secret",
  "/a/../../../secret",
  "/%2e%2e/secret",
  "/%2e%2e%2fsecret",
  "/a/%2E%2E/%2E%2E/secret",
  "/%252e%252e%252fsecret",
  "/%25252e%25252e/secret",
  "/%2525252525252e%2525252525252e/secret",
  "/..%5csecret",
  "/a%5c..%5c..%5csecret",
  "//etc/passwd",
  "/%2fetc/passwd",
  "/%252fetc/passwd",
  "/C:/windows",
  "/a%00.txt",
  "/a%2500.txt",
  "/a/./b",
  "/a//b",
  "/%zz/%",
  "/a/..%2f..%2fsecret",
  "/a/%2e%2e%5c%2e%2e%5csecret",
  "/%c0%ae%c0%ae/secret",
  "/%e0%80%ae%e0%80%ae/secret",
  "/a/..;/..;/%00",
];

describe("artifacts of the tracker in a folder", () => {
  beforeAll(async () => {
    tracker = await startTracker();
  });
  afterAll(() => tracker.stop());

  describeArtifacts();

  it("leave nothing behind of an upload that breaks off", async () => {
    const socket = connect(Number(new URL(tracker.url).port), "127.0.0.1");
    socket.write(
      `PUT ${base}/8/half.bin HTTP/1.1\r\nHost: tracker\r\nContent-Length: 1000\r\n\r\nonly this much`,
    );
    const incoming = `${tracker.artifactFolder}/.incoming`;
    await expect.poll(async () => (await readdir(incoming)).length).toBe(1);
    socket.destroy();

    await expect.poll(async () => (await readdir(incoming)).length).toBe(0);
    expect((await artifact("8/half.bin")).status).toBe(404);
    expect(tracker.logged).toEqual([]);
  });
});

describe.runIf(program)("artifacts of the tracker in a bucket", () => {
  let minio: MinioUnderTest;
  beforeAll(async () => {
    minio = await startMinio(program ?? "");
    const uri = `s3://${await minio.newBucket()}/tracker`;
    tracker = await startTracker({ artifacts: openArtifactStore(uri, minio.variables) });
  });
  afterAll(async () => {
    await tracker.stop();
    await minio.stop();
  });

  describeArtifacts();
});

describe.runIf(program)("artifacts of the tracker in a bucket that is away", () => {
  it("are asked for again by clients, who are told so", async () => {
    const minio = await startMinio(program ?? "");
    const uri = `s3://${await minio.newBucket()}`;
    tracker = await startTracker({ artifacts: openArtifactStore(uri, minio.variables) });
    await put("1/a.txt", "x");
    await minio.stop();

    const answers = [await artifact("1/a.txt"), await put("1/b.txt", "x")];

    for (const answer of answers) {
      expect([answer.status, await answer.json()]).toEqual([
        503,
        {
          error_code: "TEMPORARILY_UNAVAILABLE",
          message: "The store of artifacts cannot be reached; try again",
        },
      ]);
    }
    expect(tracker.logged).toHaveLength(2);
    expect(JSON.stringify(tracker.logged)).toContain("ECONNREFUSED");
    expect(JSON.stringify(tracker.logged)).not.toContain(minio.variables["AWS_SECRET_ACCESS_KEY"]);
    await tracker.stop();
  });
});

function describeArtifacts(): void {
  it("come back as they were sent, whatever they say they are", async () => {
    const bytes = randomBytes(3_000_000);
    const json = '{"not": "parsed", "a": 1e400}';

    const answer = await put("1/r/artifacts/a/weights.bin", bytes, "application/octet-stream");
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    expect((await put("1/r/artifacts/a/b.json", json, "application/json")).status).toBe(200);

    const got = await artifact("1/r/artifacts/a/weights.bin");
    expect(got.headers.get("Content-Length")).toBe("3000000");
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
    expect(await (await artifact("1/r/artifacts/a/b.json")).text()).toBe(json);
    const head = await artifact("1/r/artifacts/a/weights.bin", { method: "HEAD" });
    expect([head.status, head.headers.get("Content-Length")]).toEqual([200, "3000000"]);
  });

  it("are listed one level at a time, relative to the folder", async () => {
    await put("2/r/artifacts/f.txt", "hello");
    await put("2/r/artifacts/dd/x.txt", "");

    expect(await listed("2/r/artifacts")).toEqual({
      files: [
        { path: "dd", is_dir: true },
        { path: "f.txt", is_dir: false, file_size: 5 },
      ],
    });
    expect(await listed("2/r/artifacts/dd/")).toEqual({
      files: [{ path: "x.txt", is_dir: false, file_size: 0 }],
    });
    expect(await listed("2/r/artifacts/f.txt")).toEqual({ files: [] });
    expect(await listed("2/nothing")).toEqual({ files: [] });
    expect(await listed("")).toEqual({
      files: expect.arrayContaining([{ path: "2", is_dir: true }]),
    });
  });

  it("are found by names with spaces, percent signs and other letters", async () => {
    for (const name of ["loss curve.svg", "100%.txt", "100%25.txt", "straße.txt", "a+b&c=d.txt"]) {
      expect((await put(`3/r/${encodeURIComponent(name)}`, name)).status).toBe(200);
      expect(await (await artifact(`3/r/${encodeURIComponent(name)}`)).text()).toBe(name);
    }

    expect(
      ((await listed("3/r")) as { files: { path: string }[] }).files.map(({ path }) => path),
    ).toEqual(["100%.txt", "100%25.txt", "a+b&c=d.txt", "loss curve.svg", "straße.txt"]);
  });

  it("are replaced and deleted, single or as a folder", async () => {
    await put("4/a/x.txt", "old");
    await put("4/a/x.txt", "new");
    await put("4/a/y.txt", "y");
    expect(await (await artifact("4/a/x.txt")).text()).toBe("new");

    expect((await artifact("4/a/x.txt", { method: "DELETE" })).status).toBe(200);
    expect((await artifact("4/a/x.txt", { method: "DELETE" })).status).toBe(200);
    expect(await listed("4/a")).toEqual({
      files: [{ path: "y.txt", is_dir: false, file_size: 1 }],
    });
    await artifact("4/a", { method: "DELETE" });
    expect(await listed("4/a")).toEqual({ files: [] });
  });

  it("say that they are missing, also when they are folders", async () => {
    await put("5/a/x.txt", "x");

    for (const path of ["5/a/y.txt", "5/a", "5/a/x.txt/z"]) {
      const answer = await artifact(path);
      expect([answer.status, await answer.json()]).toEqual([
        404,
        { error_code: "RESOURCE_DOES_NOT_EXIST", message: "No such artifact" },
      ]);
    }
  });

  it("refuse a name that a file or folder has already, and one that is too long", async () => {
    await put("6/a/x.txt", "x");

    expect((await put("6/a", "x")).status).toBe(400);
    expect((await put("6/b/", "x")).status).toBe(400);
    expect((await put("6/a/x.txt/y", "x")).status).toBe(400);
    expect((await put(`6/${"n".repeat(300)}`, "x")).status).toBe(400);
    expect(await (await artifact("6/a/x.txt")).text()).toBe("x");
  });

  it("can run nothing in a browser", async () => {
    await put("7/page.html", "<script>alert(1)</script>");
    await put("7/image.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>");

    const page = await artifact("7/page.html");
    expect(page.headers.get("Content-Disposition")).toBe("attachment; filename=page.html");
    const image = await artifact("7/image.svg");
    expect(image.headers.get("Content-Type")).toMatch("image/svg+xml");
    expect(image.headers.get("Content-Security-Policy")).toMatch(/^sandbox; default-src 'none'/);
    expect(image.headers.get("X-Content-Type-Options")).toBe("nosniff");
  });

  it("are not missed by a client that goes away in mid-download", async () => {
    await put("9/big.bin", new Uint8Array(20_000_000));
    const socket = connect(Number(new URL(tracker.url).port), "127.0.0.1");
    socket.write(`GET ${base}/9/big.bin HTTP/1.1\r\nHost: tracker\r\n\r\n`);
    await once(socket, "data");
    socket.destroy();

    expect((await artifact("9/big.bin", { method: "HEAD" })).status).toBe(200);
    expect(tracker.logged).toEqual([]);
  });

  it("are sent in part to whoever asks for a part", async () => {
    await put("10/digits.txt", "0123456789");
    const digits = "10/digits.txt";

    expect(await part(digits, "bytes=2-4")).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await part(digits, "bytes=7-")).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await part(digits, "bytes=-3")).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await part(digits, "bytes=5-100")).toEqual([206, "bytes 5-9/10", "56789"]);
    expect(await part(digits, "bytes=0-1,5-6")).toEqual([200, null, "0123456789"]);
    expect(await part(digits, "lines=1-2")).toEqual([200, null, "0123456789"]);
    expect(await part(digits, "bytes=2-4", { "If-Range": '"another"' })).toEqual([
      200,
      null,
      "0123456789",
    ]);
    expect(await part(digits, "bytes=10-")).toEqual([
      416,
      "bytes */10",
      expect.stringContaining("The range 'bytes=10-' is not in the 10 bytes of the file"),
    ]);
  });

  it("need not be sent again to whoever has them", async () => {
    await put("11/a.txt", "old");
    const first = await artifact("11/a.txt");
    const etag = first.headers.get("ETag") ?? "";
    expect(etag).toMatch(/^"[\w-]+"$/);
    const headers = { "If-None-Match": etag, range: "bytes=0-0", "If-Range": etag };

    expect(await asked("11/a.txt", headers)).toEqual([304, ""]);
    await put("11/a.txt", "new");
    expect(await asked("11/a.txt", headers)).toEqual([200, "new"]);
  });

  it("come whole while others replace them", async () => {
    const contents = ["a", "b", "c"].map((letter) => letter.repeat(300_000));
    await put("12/a.txt", contents[0] ?? "");
    const writing = Promise.all(
      Array.from({ length: 12 }, (_, index) => put("12/a.txt", contents[index % 3] ?? "")),
    );
    const read = await Promise.all(
      Array.from({ length: 12 }, async () => (await artifact("12/a.txt")).text()),
    );
    await writing;

    expect(read.filter((content) => !contents.includes(content))).toEqual([]);
  });

  it("are answered about even when a body is refused that is still coming", async () => {
    await put("13/a/x.txt", "x");
    const body = new Uint8Array(30_000_000);

    const answer = await put("13/a", body, "application/octet-stream");

    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error_code: "INVALID_PARAMETER_VALUE",
        message: 'Invalid path: "13/a" is not a path in an artifact store: the name is taken',
      },
    ]);
  });

  it.each(escapes)("never leave their folder: %s", async (path) => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      expect(await rawStatus(method, `${base}${path}`)).toBe("400 INVALID_PARAMETER_VALUE");
    }
    for (const operation of ["create", "complete", "abort"]) {
      const address = `/api/2.0/mlflow-artifacts/mpu/${operation}${path}`;
      expect(await rawStatus("POST", address, soundUpload)).toBe("400 INVALID_PARAMETER_VALUE");
    }
    const presigned = `/api/2.0/mlflow-artifacts/presigned${path}`;
    expect(await rawStatus("GET", presigned)).toBe("400 INVALID_PARAMETER_VALUE");
    if (path.includes("%zz") || path.includes("%c0") || path.includes("%e0")) return;
    const query = new URLSearchParams({ path: path.slice(1) });
    expect((await fetch(`${tracker.url}${base}?${query}`)).status).toBe(400);
  });
}
