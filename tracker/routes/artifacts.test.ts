import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeAll(async () => {
  tracker = await startTracker();
});
afterAll(() => tracker.stop());

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

/** Sends a request line as it is: `fetch` would tidy the path up. */
async function rawStatus(method: string, path: string): Promise<string> {
  const socket = connect(Number(new URL(tracker.url).port), "127.0.0.1");
  socket.end(
    `${method} ${path} HTTP/1.1\r\nHost: tracker\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
  const answer = await text(socket);
  return `${answer.split(" ")[1]} ${/"error_code":"(\w+)"/.exec(answer)?.[1] ?? ""}`;
}

describe("artifacts through the tracker", () => {
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

  it("are not missed by a client that goes away in mid-download", async () => {
    await put("9/big.bin", new Uint8Array(20_000_000));
    const socket = connect(Number(new URL(tracker.url).port), "127.0.0.1");
    socket.write(`GET ${base}/9/big.bin HTTP/1.1\r\nHost: tracker\r\n\r\n`);
    await once(socket, "data");
    socket.destroy();

    expect((await artifact("9/big.bin", { method: "HEAD" })).status).toBe(200);
    expect(tracker.logged).toEqual([]);
  });

  it.each([
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
    "/.incoming/x",
    "/%zz/%",
  ])("never leave their folder: %s", async (path) => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      expect(await rawStatus(method, `${base}${path}`)).toBe("400 INVALID_PARAMETER_VALUE");
    }
    const query = new URLSearchParams({ path: path.slice(1).replace("%zz/%", "..") });
    expect((await fetch(`${tracker.url}${base}?${query}`)).status).toBe(400);
  });
});
