import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cacheFolder } from "@updraft/contracts/cache-folder";
import { minioProgram, startMinio, type MinioUnderTest } from "@updraft/contracts/minio-under-test";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { setupFiles, storeUsers } from "./setup-job.ts";
import type { KeyUser } from "./policies.ts";

const skipped = "the store's users and their rights";
const minio = minioProgram(skipped);
const client = minio === undefined ? undefined : clientProgram();

/** MinIO's client: on PATH, or as the test cluster has built it. */
function clientProgram(): string | undefined {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "mc"));
  const built = globSync("mc-*/bin/mc", { cwd: join(cacheFolder(process.env), "parts") });
  const parts = built.map((file) => join(cacheFolder(process.env), "parts", file));
  // Midnight Commander has the same name.
  const found = [...parts, ...onPath].find((file) => existsSync(file) && !isOther(file));
  if (found === undefined) {
    process.stderr.write(`skipped: ${skipped}, which needs MinIO's client mc\n`);
  }
  return found;
}

function isOther(file: string): boolean {
  return file === "/usr/bin/mc" && existsSync("/usr/share/mc");
}

// The client takes a second for each of its commands where others use the cores too.
const timeout = 90_000;

describe.skipIf(minio === undefined || client === undefined)(
  "the store's set-up",
  { timeout },
  () => {
    let server: MinioUnderTest;
    let folder: string;
    const keys: Record<KeyUser, string> = {
      trainer: "a-secret-of-the-trainer",
      tracker: "a-secret-of-the-tracker",
      server: "a-secret-of-the-server",
      reader: "a-secret-of-the-reader",
    };

    beforeAll(async () => {
      server = await startMinio(minio ?? "");
      folder = await mkdtemp(join(tmpdir(), "store-setup-"));
      for (const [name, content] of Object.entries(setupFiles)) {
        await writeFile(join(folder, name), content);
      }
      await setUp();
      const root = openArtifactStore("s3://updraft", server.variables);
      await root.write("models/digits/aaaa/model.json", "{}");
      await root.write("1/run/artifacts/note.txt", "a note");
    }, timeout);

    afterAll(async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    });

    async function setUp(): Promise<void> {
      const users = storeUsers.flatMap((user) => [
        [`${user.toUpperCase()}_KEY`, user],
        [`${user.toUpperCase()}_SECRET`, keys[user]],
      ]);
      await promisify(execFile)("sh", [join(folder, "setup.sh")], {
        timeout: 60_000,
        env: {
          PATH: `${dirname(client ?? "")}${delimiter}${process.env["PATH"]}`,
          HOME: folder,
          MC_CONFIG_DIR: join(folder, "mc"),
          BUCKET: "updraft",
          ENDPOINT: server.url,
          ROOT_USER: server.variables["AWS_ACCESS_KEY_ID"],
          ROOT_PASSWORD: server.variables["AWS_SECRET_ACCESS_KEY"],
          ...Object.fromEntries(users),
        },
      });
    }

    const storeOf = (user: KeyUser, secret = keys[user]) =>
      openArtifactStore("s3://updraft", {
        S3_ENDPOINT_URL: server.url,
        AWS_ACCESS_KEY_ID: user,
        AWS_SECRET_ACCESS_KEY: secret,
      });
    const refusal = expect.objectContaining({ reason: "refused" });

    it("lets the trainer keep packages and snapshots, and remove only checkpoints and its probe", async () => {
      const store = storeOf("trainer");
      await store.writeFolder("datasets/cccc", { images: "0123", labels: "01" });
      await store.writeFolder("models/digits/bbbb", { "model.json": "{}", "card.json": "{}" });
      expect((await store.list("models")).map(({ path }) => path)).toEqual([
        "models/digits/aaaa/model.json",
        "models/digits/bbbb/card.json",
        "models/digits/bbbb/model.json",
      ]);
      expect(await store.has("datasets/dddd")).toBe(false);
      await store.write("models/.writable-1", "");
      await store.remove("models/.writable-1");
      await store.write("checkpoints/digits/eeee/epoch-00001.bin", "1");
      expect(await store.list("checkpoints/digits")).toHaveLength(1);
      await store.remove("checkpoints/digits/eeee");
      expect(await store.entries("checkpoints/digits")).toEqual([]);
      await expect(store.remove("models/digits/aaaa")).rejects.toEqual(refusal);
      await expect(store.write("1/run/artifacts/other.txt", "")).rejects.toEqual(refusal);
      await expect(store.read("1/run/artifacts/note.txt")).rejects.toEqual(refusal);
      await expect(store.entries("")).rejects.toEqual(refusal);
    });

    it("lets the trainer write what is sent in parts", async () => {
      await storeOf("trainer").write("models/digits/long/weights.bin", long());
      expect(await storeOf("trainer").stat("models/digits/long/weights.bin")).toMatchObject({
        size: 15 * 1024 * 1024,
      });
    });

    it.each(["server", "reader"] as const)(
      "lets the %s read packages, and nothing else",
      async (user) => {
        const store = storeOf(user);
        expect(String(await store.read("models/digits/aaaa/model.json"))).toBe("{}");
        await expect(store.read("models/digits/aaaa/none")).rejects.toThrow("none");
        await expect(store.read("1/run/artifacts/note.txt")).rejects.toEqual(refusal);
        await expect(store.write("models/digits/aaaa/model.json", "")).rejects.toEqual(refusal);
        await expect(store.list("models")).rejects.toEqual(refusal);
      },
    );

    it("lets the tracker keep artifacts anywhere in the bucket and free them", async () => {
      const store = storeOf("tracker");
      await store.write(".probe-1", "");
      expect((await store.entries("")).map(({ name }) => name)).toContain("models");
      await store.remove(".probe-1");
      await store.write("2/run/artifacts/a", "a");
      await store.remove("2");
      expect(await store.has("2")).toBe(false);
    });

    it("changes a secret when it runs again, and nothing else", async () => {
      const old = keys.server;
      keys.server = "another-secret-of-the-server";
      await setUp();
      expect(String(await storeOf("server").read("models/digits/aaaa/model.json"))).toBe("{}");
      await expect(storeOf("server", old).read("models/digits/aaaa/model.json")).rejects.toEqual(
        refusal,
      );
      expect(await storeOf("trainer").has("models/digits/aaaa/model.json")).toBe(true);
    });
  },
);

/** Content that is too long for one part. */
async function* long(): AsyncGenerator<Buffer> {
  for (let part = 0; part < 3; part += 1) yield Buffer.alloc(5 * 1024 * 1024, part);
}
