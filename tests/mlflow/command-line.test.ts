import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonWith } from "./support/python.ts";
import type { ServerProcess } from "./support/process.ts";
import { runCommand } from "./support/script.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startUpdraft } from "./support/trackers.ts";

const python = await pythonWith("mlflow-skinny");

// Each test goes on where the one before it stopped.
describe.runIf(python)("MLflow's command line on this tracker", () => {
  let folder: string;
  let tracker: ServerProcess;
  let runId: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    tracker = await startUpdraft(folder);
  });

  afterAll(() => tracker?.stop());

  const mlflow = (...args: string[]) =>
    runCommand(args, { python: python ?? "", trackingUri: tracker.url, folder });

  it("makes, finds, renames, deletes and restores experiments", async () => {
    expect(await mlflow("experiments", "create", "-n", "from a shell")).toContain("with id 1");
    await mlflow("experiments", "rename", "--experiment-id", "1", "--new-name", "renamed");
    await mlflow("experiments", "delete", "--experiment-id", "1");
    expect(await mlflow("experiments", "search")).not.toContain("renamed");
    expect(await mlflow("experiments", "search", "--view", "deleted_only")).toContain("renamed");
    await mlflow("experiments", "restore", "--experiment-id", "1");
    const found = await mlflow("experiments", "search");
    expect(found).toMatch(/^1 +renamed +mlflow-artifacts:\/1 *$/m);
  });

  it("makes, lists, shows, deletes and restores runs", async () => {
    const created = await mlflow("runs", "create", "--experiment-id", "1", "--run-name", "by hand");
    runId = /[0-9a-f]{32}/.exec(created)?.[0] ?? "";
    expect(runId).not.toBe("");
    expect(await mlflow("runs", "list", "--experiment-id", "1")).toContain(`by hand`);
    const described: unknown = JSON.parse(await mlflow("runs", "describe", "--run-id", runId));
    expect(described).toMatchObject({ info: { run_name: "by hand", experiment_id: "1" } });
    await mlflow("runs", "delete", "--run-id", runId);
    expect(await mlflow("runs", "list", "--experiment-id", "1")).not.toContain("by hand");
    await mlflow("runs", "restore", "--run-id", runId);
    expect(await mlflow("runs", "list", "--experiment-id", "1")).toContain("by hand");
  });

  it("logs, lists and downloads artifacts", async () => {
    const sent = join(folder, "sent");
    await mkdir(join(sent, "below"), { recursive: true });
    await writeFile(join(sent, "below/one.txt"), "one");
    const flags = ["--local-dir", sent, "--run-id", runId, "--artifact-path", "all"];
    await mlflow("artifacts", "log-artifacts", ...flags);
    const listed: unknown = JSON.parse(await mlflow("artifacts", "list", "--run-id", runId));
    expect(listed).toEqual([{ path: "all", is_dir: true }]);
    const received = join(folder, "received");
    await mlflow("artifacts", "download", "--run-id", runId, "--dst-path", received);
    expect(await readFile(join(received, "all/below/one.txt"), "utf8")).toBe("one");
  });

  it("meets no error of the tracker's own", () => {
    expect(tracker.output()).toBe("");
  });
});
