import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { processesIn } from "./leftovers.ts";
import { quickModel, resultOf } from "./pulumi-stack.ts";
import { TestStack } from "./test-stack.ts";
import { runs } from "./tracker-client.ts";

describe("an update that is interrupted during training", () => {
  let stack: TestStack;
  let trackerUrl: string;
  const longTraining = { ...quickModel, hyperparameters: { epochs: 200 } };

  beforeAll(async () => {
    stack = await TestStack.create("cancelled");
    trackerUrl = `http://127.0.0.1:${stack.ports.tracker}`;
  });

  afterAll(() => stack?.cleanUp());

  async function interrupt(signal: NodeJS.Signals): Promise<string> {
    await stack.configure({ model: longTraining });
    const update = stack.start("up", "--yes", "--skip-preview");
    const result = resultOf(update);
    let seen = "";
    update.stdout?.on("data", (chunk: Buffer) => (seen += chunk.toString()));
    // The second one goes on where the first one was.
    await vi.waitFor(() => expect(seen).toMatch(/epoch \d+\/200/), { timeout: 120_000 });
    update.kill(signal);
    if (update.exitCode === null) await once(update, "exit");
    return (await result).output;
  }

  /** Waits until only the tracker's supervisor and its process are left. */
  const settled = () =>
    vi.waitFor(async () => expect(await processesIn(stack.storePath)).toHaveLength(2), {
      timeout: 30_000,
    });

  it("stops with the trainer on Ctrl-C, its run closed and nothing pending", async () => {
    const output = await interrupt("SIGINT");
    expect(output).toContain("cancelled; what served before serves on");
    await settled();
    expect((await stack.state()).pendingOperations).toEqual([]);
    expect((await runs(trackerUrl))[0]?.info.status).toBe("KILLED");
  });

  it("stops the trainer when the command itself is killed", async () => {
    await interrupt("SIGKILL");
    await settled();
    expect((await runs(trackerUrl))[0]?.info.status).toBe("KILLED");
    // The file backend keeps the lock of a killed command; this is Pulumi's own way to take it off.
    expect((await stack.pulumi("cancel", "--yes")).code).toBe(0);
  });

  it("is followed by an update that works", async () => {
    await stack.configure({});
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect((await stack.outputs()).gate.verdict).toBe("passed");
    expect((await runs(trackerUrl))[0]?.info.status).toBe("FINISHED");
  });
});
