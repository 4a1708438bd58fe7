import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { QualityReport } from "../data/quality/report.ts";
import { writeDigitFolder } from "../fixtures/digit-folder.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { runsOf, startTracker } from "../fixtures/tracker-process.ts";
import { runTrainer, type TrainerResult } from "../fixtures/trainer-process.ts";

async function place() {
  const folder = await temporaryFolder();
  const data = await writeDigitFolder(join(folder, "data"), [200, 20]);
  const store = join(folder, "store");
  const variables = { TRAINER_DATASET: data, TRAINER_STORE_URI: pathToFileURL(store).href };
  return { folder, data, store, variables };
}

/** Writes the first training digit over the third test digit. */
async function leak(data: string): Promise<void> {
  const [train, test] = ["train", "t10k"].map((part) =>
    fileURLToPath(`${data}/${part}-images-idx3-ubyte`),
  ) as [string, string];
  const images = await readFile(test);
  images.set((await readFile(train)).subarray(16, 16 + 784), 16 + 2 * 784);
  await writeFile(test, images);
}

const lastLine = ({ stdout }: TrainerResult) =>
  QualityReport.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));

describe("dataset", () => {
  it("checks data and keeps a snapshot and the report, and trains nothing", async () => {
    const { folder, store, data, variables } = await place();
    const result = await runTrainer(["dataset", "--out", "report", "--json"], {
      folder,
      variables,
    });
    expect(result).toMatchObject({ code: 0, stderr: "", outcome: undefined });
    const report = lastLine(result);
    const hex = report.digest.slice(7);
    expect(report).toMatchObject({ model: "digits", dataset: data, verdict: "passed" });
    expect(report.examples).toEqual({ training: 190, validation: 10, test: 20 });
    expect(result.stdout).toContain(`data ${data}: 190 + 10 + 20 examples, ${report.digest}\n`);
    expect(result.stdout).toMatch(/^leakage {5}0 {6}0 {6}passed$/m);
    expect(await readdir(join(store, "datasets"))).toEqual([hex, "reports"]);
    expect(await readdir(store)).not.toContain("models");
    const kept = join(store, "datasets/reports", hex, "digits");
    for (const at of [kept, join(folder, "report")]) {
      expect(JSON.parse(await readFile(join(at, "quality.json"), "utf8"))).toEqual(report);
      expect(await readFile(join(at, "quality.html"), "utf8")).toContain("<!doctype html>");
    }
  });

  it("ends with 3 and the rows to look at if the data is rejected, and keeps only the report", async () => {
    const { folder, store, data, variables } = await place();
    await leak(data);
    const result = await runTrainer(["dataset", "--json"], { folder, variables });
    expect(result.code).toBe(3);
    expect(result.stderr).toBe(
      [
        `${data}: the data is rejected`,
        "leakage: 1 of 20 test examples are among the training examples (0.05; the limit is 0.01)",
        "  test example 2 has the input of training example 0",
        "Repair it, or set other limits with --quality; docs/data.md says which there are.",
        "",
      ].join("\n"),
    );
    expect(lastLine(result).verdict).toBe("failed");
    expect(await readdir(join(store, "datasets"))).toEqual(["reports"]);
    const other = ["dataset", "--quality", '{"leakage": 0.05}'];
    expect((await runTrainer(other, { folder, variables })).code).toBe(0);
  });
});

describe("train", () => {
  it("leaves the report on its data in the run, also of data that is rejected", async () => {
    const { folder, data, variables } = await place();
    const home = await temporaryFolder();
    const tracker = await startTracker(home);
    await leak(data);
    const result = await runTrainer(["train", "--tracker", tracker.uri], { folder, variables });
    expect(result.code).toBe(3);
    const [run] = await runsOf(tracker);
    expect(run).toMatchObject({ status: "FAILED", tags: { "updraft.data": "failed" } });
    const files = await readdir(join(home, "artifacts"), { recursive: true });
    const named = files.find((file) => file.endsWith(`${run?.id}/artifacts/data/quality.json`));
    const content = await readFile(join(home, "artifacts", named ?? "none"), "utf8");
    expect(QualityReport.parse(JSON.parse(content))).toMatchObject({
      dataset: data,
      verdict: "failed",
    });
    expect(files.filter((file) => file.endsWith("data/quality.html"))).toHaveLength(1);
  });
});
