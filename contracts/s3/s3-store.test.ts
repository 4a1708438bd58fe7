import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describeArtifactStore } from "../artifact-store-suite.ts";
import { ArtifactChangedError, ArtifactPathError, type ArtifactStore } from "../artifact-store.ts";
import { eachOf } from "../each-of.ts";
import { minioProgram, startMinio, type MinioUnderTest } from "../minio-under-test.ts";
import { openArtifactStore } from "../open-artifact-store.ts";
import { removeAbandonedUploads } from "./s3-abandoned.ts";
import { connectToS3, type S3Connection } from "./s3-connection.ts";
import { putObject } from "./s3-upload.ts";

const program = minioProgram("the artifact store in a bucket");

describe.runIf(program)("with MinIO", () => {
  let minio: MinioUnderTest;
  let bucket: string;
  let connection: S3Connection;
  let store: ArtifactStore;
  beforeAll(async () => {
    minio = await startMinio(program ?? "");
    bucket = await minio.newBucket();
  });
  afterAll(() => minio.stop());
  beforeEach(() => {
    const uri = `s3://${bucket}/${randomUUID()}`;
    connection = connectToS3(uri, minio.variables);
    store = openArtifactStore(uri, minio.variables);
  });

  const open = (uri: string) => openArtifactStore(uri, minio.variables);

  describeArtifactStore("a store in a bucket", async () => {
    return { store: open(`s3://${bucket}/${randomUUID()}`), open, remove: async () => undefined };
  });

  /** Keys below the prefix that have unfinished uploads. */
  async function unfinished(): Promise<string[]> {
    const keys = await minio.unfinishedUploads(bucket);
    return keys.filter((key) => key.startsWith(`${connection.prefix}/`));
  }

  describe("a bucket", () => {
    it("is a store without a prefix too", async () => {
      const whole = openArtifactStore(`s3://${await minio.newBucket()}`, minio.variables);
      await whole.write("a/b.txt", "1");

      expect(await whole.entries("")).toEqual([{ name: "a", kind: "folder" }]);
      expect(await whole.list("a")).toEqual([{ path: "a/b.txt", size: 1 }]);
      await whole.remove("a");
      expect(await whole.entries("")).toEqual([]);
    });

    it("takes long content in parts, and keeps no unfinished one of what breaks off", async () => {
      const content = randomBytes(20_000_000);
      const chunks = (cut: number) =>
        Readable.from(
          (function* () {
            for (let at = 0; at < cut; at += 65_536) yield content.subarray(at, at + 65_536);
            if (cut < content.length) throw new Error("the connection was cut");
          })(),
        );

      await store.write("long", chunks(content.length));
      expect((await store.read("long")).equals(content)).toBe(true);
      expect((await store.stat("long")).version).toMatch(/-3"$/);

      await expect(store.write("cut", chunks(18_000_000))).rejects.toThrow("connection was cut");
      expect(await unfinished()).toEqual([]);
    });

    it("shows nothing of a file whose writer was killed, and gives its parts up later", async () => {
      const script = `
        import { openArtifactStore } from ${JSON.stringify(join(import.meta.dirname, "../open-artifact-store.ts"))};
        await openArtifactStore(process.argv[1]).write("cut", (async function* () {
          for (let count = 0; count < 3; count += 1) yield Buffer.alloc(8 * 1024 * 1024);
          process.stdout.write("two parts sent");
          await new Promise(() => setInterval(() => undefined, 1000));
        })());`;
      const writer = spawn(process.execPath, ["--input-type=module", "-e", script, store.uri], {
        env: { PATH: process.env["PATH"], ...minio.variables },
      });
      await once(writer.stdout, "data");
      writer.kill("SIGKILL");
      await once(writer, "exit");

      expect(await store.entries("")).toEqual([]);
      await removeAbandonedUploads(connection, new Date(Date.now() - 60_000));
      expect(await unfinished()).toEqual([`${connection.prefix}/cut`]);
      await removeAbandonedUploads(connection, new Date(Date.now() + 60_000));
      expect(await unfinished()).toEqual([]);
    });

    it("lists and removes more than one page", async () => {
      const names = Array.from(
        { length: 1050 },
        (_, index) => `f${String(index).padStart(4, "0")}`,
      );
      const { prefix } = connection;
      await eachOf(names, 20, (name) =>
        putObject(connection, `${prefix}/many/${name}`, Buffer.from("1")),
      );
      await store.write("many/folder/x", "1");

      expect(await store.list("many")).toHaveLength(1051);
      const entries = await store.entries("many");
      expect(entries.map(({ name }) => name)).toEqual([...names, "folder"]);
      await store.remove("many");
      expect(await store.has("many")).toBe(false);
    });

    it("keeps names that XML cannot write", async () => {
      for (const name of ["tab\tbed", "line\nfeed", "\u0001"])
        await store.write(`odd/${name}`, "1");

      expect((await store.entries("odd")).map(({ name }) => name)).toEqual([
        "\u0001",
        "line\nfeed",
        "tab\tbed",
      ]);
      await store.remove("odd");
      expect(await store.entries("odd")).toEqual([]);
    });

    it("does not show what others have written that is no path", async () => {
      await putObject(connection, `${connection.prefix}/made/`, Buffer.alloc(0));
      await store.write("made/a.txt", "1");

      expect(await store.list("made")).toEqual([{ path: "made/a.txt", size: 1 }]);
      expect(await store.entries("made")).toEqual([{ name: "a.txt", kind: "file", size: 1 }]);
    });

    it("refuses names that are too long", async () => {
      await expect(store.write("n".repeat(300), "1")).rejects.toThrow("takes no such name");
      await expect(store.write("n/".repeat(500) + "n", "1")).rejects.toThrow(
        "with its prefix it is longer than 1024 bytes",
      );
      await expect(store.write("n".repeat(300), "1")).rejects.toThrow(ArtifactPathError);
    });

    it("writes a folder anew that an earlier writer has not sealed", async () => {
      await store.write("models/x/model.json", "half");
      await store.writeFolder("models/x", { "model.json": "whole", "card.json": "{}" });

      expect(String(await store.read("models/x/model.json"))).toBe("whole");
      expect(await store.list("models/x")).toHaveLength(2);
    });

    it("reads only the version that is wanted", async () => {
      await store.write("a.txt", "old");
      const { version } = await store.stat("a.txt");
      await store.write("a.txt", "new");

      await expect(store.readStream("a.txt", { version })).rejects.toThrow(ArtifactChangedError);
    });

    it("takes a download up where the connection broke off", async () => {
      const content = randomBytes(6_000_000);
      await store.write("big", content);
      const cuts = { left: 3 };
      const proxy = await cuttingProxy(minio.url, 1_500_000, cuts);
      const through = openArtifactStore(store.uri, {
        ...minio.variables,
        S3_ENDPOINT_URL: proxy.url,
      });

      const got = await buffer(await through.readStream("big", { start: 1000, end: 5_999_000 }));

      expect(got.equals(content.subarray(1000, 5_999_001))).toBe(true);
      expect(cuts.left).toBe(0);
      proxy.close();
    });

    it("says in one sentence why it cannot be used, without its keys", async () => {
      const problem = async (variables: object, uri = store.uri): Promise<string> => {
        const given = { ...minio.variables, ...variables };
        const error = await openArtifactStore(uri, given)
          .write("a.txt", "1")
          .catch((failure: Error) => failure);
        if (!error) throw new Error("it was written");
        expect(JSON.stringify([error.message, String(error.cause)])).not.toContain(
          minio.variables["AWS_SECRET_ACCESS_KEY"],
        );
        return error.message;
      };
      const advice =
        "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and that this user may list, read, write and delete there";

      expect(await problem({}, "s3://not-there/x")).toBe(
        `there is no bucket not-there at ${minio.url}; create it, or name another one in s3://<bucket>/<prefix>`,
      );
      expect(await problem({ AWS_ACCESS_KEY_ID: "nobody" })).toBe(
        `${minio.url} refuses the access to ${store.uri} (InvalidAccessKeyId); ${advice}`,
      );
      expect(await problem({ AWS_SECRET_ACCESS_KEY: "wrong" })).toBe(
        `${minio.url} refuses the access to ${store.uri} (SignatureDoesNotMatch); ${advice}`,
      );
      expect(await problem({ S3_ENDPOINT_URL: "http://127.0.0.1:1" })).toBe(
        "http://127.0.0.1:1 cannot be reached (ECONNREFUSED); start it, or set S3_ENDPOINT_URL to its address",
      );
      expect(await problem({ S3_ENDPOINT_URL: "minio:9000" })).toBe(
        'S3_ENDPOINT_URL is "minio:9000": expected http://host:port or https://host of an S3 store',
      );
      expect(await problem({ AWS_SECRET_ACCESS_KEY: "" })).toBe(
        "AWS_SECRET_ACCESS_KEY is missing; set both parts of the key for S3, or none",
      );
    });
  });
});

/** Passes on what goes through, and cuts an answer off that is longer, a few times. */
async function cuttingProxy(target: string, bytes: number, cuts: { left: number }) {
  const { hostname, port } = new URL(target);
  const server = createServer((socket: Socket) => {
    const upstream = connect(Number(port), hostname);
    let passed = 0;
    socket.pipe(upstream).on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
    upstream.on("data", (chunk: Buffer) => {
      passed += chunk.length;
      if (passed > bytes && cuts.left > 0) {
        cuts.left -= 1;
        upstream.destroy();
        return socket.destroy();
      }
      socket.write(chunk);
    });
    upstream.on("end", () => socket.end());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => server.close() };
}
