import { gzipSync } from "node:zlib";
import { sha256 } from "@updraft/contracts/digest";
import { minioProgram, startMinio, type MinioUnderTest } from "@updraft/contracts/minio-under-test";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { minioUser } from "../fixtures/minio-user.ts";
import {
  contentsOf,
  folderWith,
  images,
  messageOf,
  optionsFor,
  sums,
  tables,
  test,
  train,
} from "../fixtures/some-datasets.ts";
import { acquireDataset, datasetFingerprint } from "./acquire.ts";
import { snapshotDataset } from "./snapshot.ts";

const program = minioProgram("datasets in a bucket");

describe.runIf(program)("a folder of a bucket", () => {
  let minio: MinioUnderTest;
  beforeAll(async () => {
    minio = await startMinio(program ?? "");
  });
  afterAll(() => minio.stop());

  async function setUp() {
    const uri = `s3://${await minio.newBucket()}/some/data`;
    const { options } = await optionsFor(minio.variables);
    return { uri, options, store: openArtifactStore(uri, minio.variables) };
  }

  it("has its files, gzipped or not", async () => {
    const { uri, options, store } = await setUp();
    await store.write("train.csv.gz", gzipSync(train));
    await store.write("test.csv", test);
    const files = { "train.csv": train, "test.csv": test };
    expect(await contentsOf(tables, uri, options)).toEqual(files);
    expect(await contentsOf(tables, `${uri}/train.csv.gz`, options)).toEqual({
      "train.csv": train,
    });
    await store.write("SHA256SUMS", sums({ "test.csv": train }));
    expect(await messageOf(acquireDataset(tables, uri, options))).toBe(
      `${uri}/train.csv: the file is missing; SHA256SUMS does not list it`,
    );
    await store.write("train.csv", "a");
    await store.write("SHA256SUMS", sums({ "train.csv": train }));
    expect(await messageOf(acquireDataset(tables, uri, options))).toBe(
      `${uri}/train.csv: its sha256 is ${sha256("a")}; expected ${sha256(train)}`,
    );
  });

  it("has a fingerprint that changes with any file, and with nothing else", async () => {
    const { uri, options, store } = await setUp();
    const fingerprint = () => datasetFingerprint(tables, uri, options);
    await store.write("train.csv", train);
    const first = await fingerprint();
    await store.write("train.csv", train);
    await store.write("notes.txt", "notes");
    expect(await fingerprint()).toBe(first);
    await store.write("test.csv", test);
    const second = await fingerprint();
    await store.write("train.csv", train.replace("1", "5"));
    const third = await fingerprint();
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it("has images in folders of any depth", async () => {
    const { uri, options, store } = await setUp();
    await store.writeFolder("train/x", { "1.png": "x1", "2.png": "x2" });
    await store.write("test/y/1.png", "y1");
    await store.write("README.md", "");
    const files = await acquireDataset(images, uri, options);
    expect(files.map(({ name }) => name)).toEqual([
      "test/y/1.png",
      "train/x/1.png",
      "train/x/2.png",
    ]);
  });

  it("keeps snapshots that are datasets with the same digest, known by name alone", async () => {
    const { uri, options, store } = await setUp();
    const source = await folderWith({ "train.csv": train, "test.csv": test });
    const first = await snapshotDataset(store, await acquireDataset(tables, source, options));
    expect(first.uri).toBe(`${uri}/datasets/${first.digest.slice("sha256:".length)}`);
    const again = await acquireDataset(tables, first.uri, options);
    expect(await snapshotDataset(store, again)).toEqual(first);
    const unreachable = { ...options, variables: { S3_ENDPOINT_URL: "http://127.0.0.1:1" } };
    expect(await datasetFingerprint(tables, first.uri, unreachable)).toBe(first.digest);
    await store.write(`${first.uri.slice(uri.length + 1)}/train.csv`, "a,kind\n1,x\n");
    expect(await messageOf(acquireDataset(tables, first.uri, options))).toContain(
      "expected that of its name",
    );
  });

  it("needs no more than the rights that a trainer has anyway", async () => {
    const bucket = await minio.newBucket();
    const store = openArtifactStore(`s3://${bucket}`, minio.variables);
    await store.write("datasets/mine/train.csv", train);
    await store.write("datasets/photos/x/1.png", "x1");
    const arn = `arn:aws:s3:::${bucket}`;
    const reading = {
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [`${arn}/datasets/*`],
    } as const;
    const listing = {
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [arn],
      Condition: { StringLike: { "s3:prefix": ["datasets/*"] } },
    } as const;
    const { options } = await optionsFor(await minioUser(minio, [reading, listing]));
    const files = { "train.csv": train };
    expect(await contentsOf(tables, `s3://${bucket}/datasets/mine`, options)).toEqual(files);
    expect(await contentsOf(images, `s3://${bucket}/datasets/photos`, options)).toEqual({
      "x/1.png": "x1",
    });
    // Whoever may only read must say which files there are.
    await store.write("datasets/mine/SHA256SUMS", sums(files));
    const { options: readingOnly } = await optionsFor(await minioUser(minio, [reading]));
    expect(await contentsOf(tables, `s3://${bucket}/datasets/mine`, readingOnly)).toEqual(files);
  });

  it("says what is missing: the file, the bucket, the store", async () => {
    const { uri, options } = await setUp();
    expect(await messageOf(acquireDataset(tables, uri, options))).toBe(
      `${uri}/train.csv: the file is missing; expected it, or train.csv.gz`,
    );
    expect(await messageOf(acquireDataset(tables, "s3://not-there/data", options))).toContain(
      "not-there",
    );
    const variables = { ...minio.variables, S3_ENDPOINT_URL: "http://127.0.0.1:1" };
    const away = acquireDataset(tables, uri, { ...options, variables });
    expect(await messageOf(away)).toContain("http://127.0.0.1:1");
  });
});
