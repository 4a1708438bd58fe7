import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { classify, realDigits } from "../e2e/digits.ts";
import { isListening, processesIn } from "../e2e/leftovers.ts";
import { TestStack } from "../e2e/test-stack.ts";
import { pythonWith } from "./support/python.ts";
import type { ServerProcess } from "./support/process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startMlflow, startUpdraft } from "./support/trackers.ts";

const python = await pythonWith("mlflow");

const quick = {
  name: "digits",
  dataset: "mnist-10k",
  hyperparameters: { filters: 4, units: 16, epochs: 1 },
};
const token = "a-token-that-nobody-else-has";

/** Whether the tracker lists experiments for who comes with this. */
async function statusFor(trackerUrl: string, authorization?: string): Promise<number> {
  const url = `${trackerUrl}/api/2.0/mlflow/experiments/search?max_results=1`;
  const answer = await fetch(url, { headers: authorization ? { authorization } : {} });
  return answer.status;
}

/** Everything that a stack keeps where others may look: state, outputs, logs, arguments. */
async function visibleParts(stack: TestStack): Promise<Record<string, string>> {
  const exported = await stack.pulumi("stack", "export");
  const outputs = await stack.pulumi("stack", "output", "--json");
  const logs = join(stack.storePath, "logs");
  const files = await Promise.all(
    (await readdir(logs)).map((name) => readFile(join(logs, name), "utf8")),
  );
  const pids = (await processesIn(stack.storePath)).join(",");
  const { stdout } = await promisify(execFile)("ps", ["-o", "args=", "-p", pids]);
  return {
    state: exported.output,
    outputs: outputs.output,
    logs: files.join("\n"),
    arguments: stdout,
  };
}

describe("a stack on a tracker that is there already", () => {
  let stack: TestStack;
  let folder: string;
  const servers: ServerProcess[] = [];

  beforeEach(async () => {
    folder = await temporaryFolder();
    stack = await TestStack.create("existing");
  });

  afterEach(() => stack?.cleanUp());
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  it.runIf(python)("trains, registers and serves with a real MLflow server", async () => {
    const mlflow = await startMlflow(python ?? "", join(folder, "mlflow"));
    servers.push(mlflow);
    await stack.configure({
      model: quick,
      gate: { minAccuracy: 0.3 },
      tracker: { uri: mlflow.url },
    });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const outputs = await stack.outputs();
    expect(outputs.trackerUrl).toBe(mlflow.url);
    expect(outputs.runUrl).toMatch(
      new RegExp(`^${mlflow.url}/#/experiments/[1-9]\\d*/runs/[0-9a-f]{32}$`),
    );
    expect((await fetch(outputs.runUrl)).headers.get("content-type")).toContain("text/html");
    expect(await classify(outputs.predictUrl, realDigits())).toHaveLength(10);
    expect(await isListening(stack.ports.tracker)).toBe(false);
    expect(await readdir(stack.storePath)).not.toContain("store");
    const models = join(folder, "mlflow/artifacts/models/digits");
    expect(await readdir(join(models, outputs.model.digest.slice(7)))).toContain("card.json");

    await mlflow.stop();
    const without = await stack.preview();
    expect(without.code).not.toBe(0);
    expect(without.output).toContain(
      `the tracker at ${mlflow.url} cannot be reached (ECONNREFUSED)`,
    );
    const down = await stack.destroy();
    expect(down.code, down.output).toBe(0);
  });

  it("comes with its token, which nobody gets to see", async () => {
    const credentials = join(folder, "users.json");
    const secrets = [`sha256:${createHash("sha256").update(token).digest("hex")}`];
    const users = [{ name: "stack", access: "write", secrets }];
    await writeFile(credentials, JSON.stringify({ users }), { mode: 0o600 });
    const variables = { TRACKER_CREDENTIALS_FILE: credentials };
    const tracker = await startUpdraft(join(folder, "tracker"), variables);
    servers.push(tracker);
    const config = { model: quick, gate: { minAccuracy: 0.3 }, tracker: { uri: tracker.url } };
    await stack.configure(config);
    expect((await stack.up()).output).toContain(
      `the tracker at ${tracker.url} wants credentials (401`,
    );
    await stack.setSecret("updraft:trackerToken", token);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const outputs = await stack.outputs();
    expect(await classify(outputs.predictUrl, realDigits())).toHaveLength(10);
    for (const [name, text] of Object.entries(await visibleParts(stack))) {
      expect(text.length, name).toBeGreaterThan(10);
      expect(text, name).not.toContain(token);
    }
    expect(up.output).not.toContain(token);
    expect(tracker.output()).not.toContain(token);
  });

  it("protects its own tracker with the token that it is given, and takes up another", async () => {
    await stack.configure({ model: quick, gate: { minAccuracy: 0.3 } });
    await stack.setSecret("updraft:trackerToken", token);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const { trackerUrl } = await stack.outputs();
    expect(await statusFor(trackerUrl)).toBe(401);
    expect(await statusFor(trackerUrl, `Bearer ${token}`)).toBe(200);
    const file = join(stack.storePath, "tracker-credentials.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const [name, text] of Object.entries(await visibleParts(stack))) {
      expect(text, name).not.toContain(token);
    }

    const other = "another-token-for-the-same-stack";
    await stack.setSecret("updraft:trackerToken", other);
    const changed = await stack.up();
    expect(changed.code, changed.output).toBe(0);
    expect(await statusFor(trackerUrl, `Bearer ${other}`)).toBe(200);
    expect(await statusFor(trackerUrl, `Bearer ${token}`)).toBe(401);
  });
});
