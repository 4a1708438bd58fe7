import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Digest } from "@updraft/contracts/digest";
import { linePackage as content } from "@updraft/contracts/fixtures/line-package";
import { writePackage } from "@updraft/contracts/model-package";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { unbundleFiles } from "@updraft/contracts/package-bundle";
import type { PromotionSource } from "@updraft/contracts/promotion-source";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError } from "../../../config/config-error.ts";
import { bundleParts, sourceBundle } from "./source-bundle.ts";

const digest: Digest = `sha256:${"a".repeat(64)}`;
const gate = { verdict: "passed" as const, rules: [] };

describe("the package of a stack of this machine", () => {
  let folder: string;
  let source: PromotionSource;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-source-"));
    const written = await writePackage(openArtifactStore(pathToFileURL(folder).href), content);
    const known = { model: "line", version: "3", runId: "r", datasetDigest: digest, metrics: {} };
    source = { stack: "dev", release: { ...known, gate, ...written } };
  });

  afterEach(() => rm(folder, { recursive: true }));

  const file = (path: string) => join(fileURLToPath(source.release.uri), path);
  const refusal = async () => {
    const error: unknown = await sourceBundle(source).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  };

  it("is bundled with all of its files", async () => {
    const files = unbundleFiles(await sourceBundle(source));
    expect(Object.keys(files).toSorted()).toEqual([
      "card.json",
      "evaluation/confusion.json",
      "model.json",
      "signature.json",
      "weights.bin",
    ]);
    expect([...(files["weights.bin"] ?? [])]).toEqual([1, 2, 3, 4]);
    expect(String(files["model.json"])).toBe(content.model);
  });

  it("is refused if it has been changed", async () => {
    await writeFile(file("weights.bin"), Uint8Array.of(1, 2, 3, 5));
    const { uri, digest: released } = source.release;
    expect(await refusal()).toMatch(
      `updraft:promotion.fromStack: the package of dev at ${uri} cannot be taken along (the package at ${uri} is not the one that was released: expected ${released}, found sha256:`,
    );
  });

  it("is refused if it is not there", async () => {
    await rm(file("."), { recursive: true });
    expect(await refusal()).toMatch(/there is no file .*run this on the machine that has it/);
  });

  it("is refused if it is too large for ConfigMaps", async () => {
    await writeFile(file("evaluation/large.bin"), Buffer.alloc(21_000_000));
    expect(await refusal()).toMatch(
      /the package of dev has 22 MB, and 20 are the most .*; give dev an S3 store that both reach/,
    );
  });
});

it("is parted so that each part fits a ConfigMap, and joined again is the same", () => {
  const bundle = Buffer.alloc(1_500_000, "updraft");
  const parts = bundleParts(bundle);
  expect(parts.map((part) => Buffer.from(part, "base64").length)).toEqual([
    700_000, 700_000, 100_000,
  ]);
  expect(Buffer.concat(parts.map((part) => Buffer.from(part, "base64"))).equals(bundle)).toBe(true);
});
