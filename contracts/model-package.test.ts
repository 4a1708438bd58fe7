import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { ArtifactNotFoundError, type ArtifactStore } from "./artifact-store.ts";
import { linePackage as content } from "./fixtures/line-package.ts";
import { openArtifactStore } from "./open-artifact-store.ts";
import {
  DigestMismatchError,
  networkFormat,
  packageDigest,
  packageSizeBytes,
  readPackage,
  writePackage,
} from "./model-package.ts";

describe("a model package", () => {
  let store: ArtifactStore;

  beforeEach(async () => {
    store = openArtifactStore(
      pathToFileURL(await mkdtemp(join(tmpdir(), "updraft-packages-"))).href,
    );
  });

  it("comes back as it was written", async () => {
    const written = await writePackage(store, content);
    const read = await readPackage(written.uri, written.digest);
    expect(read.digest).toBe(written.digest);
    expect(read.model).toBe(content.model);
    expect([...read.weights]).toEqual([1, 2, 3, 4]);
    expect(read.signature).toEqual(content.signature);
    expect(read.card).toEqual(content.card);
  });

  it("lies at its model's name and digest, with its evaluation", async () => {
    const written = await writePackage(store, content);
    const folder = `models/line/${written.digest.slice("sha256:".length)}`;
    expect(written.uri).toBe(`${store.uri}/${folder}`);
    expect((await store.list(folder)).map(({ path }) => path.slice(folder.length + 1))).toEqual([
      "card.json",
      "evaluation/confusion.json",
      "model.json",
      "signature.json",
      "weights.bin",
    ]);
  });

  it("has a digest of what decides its answers, not of where it comes from", () => {
    const before = packageDigest(content);
    expect(packageDigest({ ...content, weights: Uint8Array.of(1, 2, 3, 5) })).not.toBe(before);
    expect(packageDigest({ ...content, model: "{}" })).not.toBe(before);
    const otherRun = {
      ...content,
      card: { ...content.card, createdAt: "2027-01-01T00:00:00.000Z" },
    };
    expect(packageDigest(otherRun)).toBe(before);
  });

  it("stays as it is when the same package is written again", async () => {
    const { uri } = await writePackage(store, content);
    const card = { ...content.card, createdAt: "2027-01-01T00:00:00.000Z" };
    await writePackage(store, { ...content, card });
    const kept = await readFile(join(fileURLToPath(uri), "card.json"), "utf8");
    expect(kept).toContain("2026-01-01");
  });

  it("is refused, with both digests, when a byte has changed", async () => {
    const written = await writePackage(store, content);
    await appendFile(join(fileURLToPath(written.uri), "weights.bin"), "!");
    const error = await readPackage(written.uri, written.digest).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DigestMismatchError);
    const { expected, actual, message } = error as DigestMismatchError;
    expect(expected).toBe(written.digest);
    expect(message).toContain(`expected ${expected}, found ${actual}`);
  });

  it("is refused when a file is missing", async () => {
    const written = await writePackage(store, content);
    await rm(join(fileURLToPath(written.uri), "signature.json"));
    await expect(readPackage(written.uri, written.digest)).rejects.toThrow(ArtifactNotFoundError);
  });

  it("says of which kind its network is", () => {
    expect(networkFormat({ model: '{"format": "graph-model"}' })).toBe("graph-model");
    expect(networkFormat({ model: '{"format": "layers-model"}' })).toBe("layers-model");
    expect(networkFormat(content)).toBe("layers-model");
    expect(() => networkFormat({ model: '{"format": "onnx"}' })).toThrow("layers-model");
  });

  it("is as large as its network and weights", () => {
    expect(packageSizeBytes(content)).toBe(content.model.length + 4);
  });
});
