import { access, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { classify, realDigits, redrawn } from "./digits.ts";
import { isListening, processesIn } from "./leftovers.ts";
import { quickModel } from "./pulumi-stack.ts";
import { steadyStream } from "./steady-stream.ts";
import { type StackOutputs, TestStack } from "./test-stack.ts";
import { runs, versionOf } from "./tracker-client.ts";

// One stack from its first update to its end: each test goes on where the one before it stopped.
describe("a stack", () => {
  let stack: TestStack;
  let first: StackOutputs;
  let second: StackOutputs;
  const digits = realDigits();
  const twoEpochs = { ...quickModel, hyperparameters: { epochs: 2 } };

  beforeAll(async () => {
    stack = await TestStack.create("life");
  });

  afterAll(() => stack?.cleanUp());

  it("trains, gates, registers and serves with its first update", async () => {
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).toMatch(/epoch 1\/1/);
    first = await stack.outputs();
    expect(first.model).toMatchObject({ name: "digits", version: "1" });
    expect(first.metrics["accuracy"]).toBeGreaterThan(0.8);
    expect(first.gate).toMatchObject({ verdict: "passed" });
    expect(await versionOf(first.trackerUrl, "digits", "champion")).toBe("1");
  });

  it("recognises real digits", async () => {
    const answers = await classify(first.predictUrl, digits);
    const right = answers.filter((answer, index) => answer === digits[index]?.label);
    expect(right.length).toBeGreaterThanOrEqual(8);
  });

  it("reads the same in digits that were drawn larger and elsewhere", async () => {
    const places = [
      { scale: 19, left: 10, top: 20 },
      { scale: 7, left: 300, top: 240 },
    ];
    const before = await classify(first.predictUrl, digits);
    for (const place of places) {
      const drawn = digits.map(({ pixels }) => ({ pixels: redrawn(pixels, place) }));
      const after = await classify(first.predictUrl, drawn);
      const same = after.filter((answer, index) => answer === before[index]);
      expect(same.length, JSON.stringify(place)).toBeGreaterThanOrEqual(9);
    }
  });

  it("serves the drawing page, the tracker's page and the page of the run", async () => {
    for (const url of [first.url, first.trackerUrl, first.runUrl]) {
      const page = await fetch(url, { headers: { accept: "text/html" } });
      expect(page.status, url).toBe(200);
      expect(page.headers.get("content-type")).toContain("text/html");
    }
  });

  it("trains again with the next update, gets the same digest and rolls out nothing", async () => {
    const before = await processesIn(stack.storePath);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).toMatch(/training-run.*replaced/);
    expect(up.output).not.toMatch(/inference-service.*updat/);
    expect((await stack.outputs()).model).toEqual(first.model);
    expect(await runs(first.trackerUrl)).toHaveLength(2);
    expect(await processesIn(stack.storePath)).toEqual(before);
  });

  it("runs nothing at all when only changes retrain and nothing changed", async () => {
    await stack.configure({ model: { ...quickModel, retrain: "on-change" } });
    expect((await stack.up()).output).not.toMatch(/training-run/);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(up.output).not.toMatch(/created|updated|replaced/);
    expect(await runs(first.trackerUrl)).toHaveLength(2);
  });

  it("names a changed hyperparameter in the preview", async () => {
    await stack.configure({ model: twoEpochs });
    const preview = await stack.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toContain("will run again: hyperparameters.epochs 1 → 2");
    expect(await runs(first.trackerUrl)).toHaveLength(2);
  });

  it("rolls a new version out without losing a request of a steady stream", async () => {
    const stream = steadyStream(first.predictUrl, digits[0]?.pixels ?? []);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const sinceUpdate = stream.answered();
    await vi.waitFor(() => expect(stream.answered()).toBeGreaterThan(sinceUpdate + 200), 30_000);
    expect(await stream.stop()).toEqual([]);
    second = await stack.outputs();
    expect(second.model.version).toBe("2");
    expect(second.model.digest).not.toBe(first.model.digest);
    expect(await versionOf(second.trackerUrl, "digits", "champion")).toBe("2");
  });

  it("fails an update whose gate fails, says why, and serves the old version on", async () => {
    await stack.configure({ model: quickModel, gate: { minAccuracy: 0.9999 } });
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.output).toMatch(/rule +value +limit +verdict/);
    expect(up.output).toMatch(/minAccuracy +0\.\d+ +0\.9999 +failed/);
    expect((await stack.outputs()).model).toEqual(second.model);
    expect(await versionOf(second.trackerUrl, "digits", "champion")).toBe("2");
    expect(await classify(second.predictUrl, digits.slice(0, 1))).toHaveLength(1);
    const [failed] = await runs(second.trackerUrl);
    expect(failed?.info.status).toBe("FAILED");
    expect(tagOf(failed, "updraft.failure")).toContain("minAccuracy");
  });

  it("heals with the gate back", async () => {
    await stack.configure({ model: twoEpochs });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect((await stack.outputs()).model).toEqual(second.model);
    expect((await runs(second.trackerUrl))[0]?.info.status).toBe("FINISHED");
  });

  it.each(["inference", "tracker"])(
    "sees with a refresh that the %s service was killed, and an update restarts it",
    async (service) => {
      await stack.configure({ model: { ...twoEpochs, retrain: "on-change" } });
      expect((await stack.up()).code).toBe(0);
      const port = stack.ports[service as "inference" | "tracker"];
      const { pid } = await supervisorOf(stack, service, port);
      process.kill(pid, "SIGKILL");
      await vi.waitFor(async () => expect(await isListening(port)).toBe(false), 10_000);
      const refresh = await stack.refresh();
      expect(refresh.code, refresh.output).toBe(0);
      expect(refresh.output).toMatch(new RegExp(`${service}-service.*deleted`));
      const up = await stack.up();
      expect(up.code, up.output).toBe(0);
      expect(await versionOf(second.trackerUrl, "digits", "champion")).toBe("2");
      expect(await classify(second.predictUrl, digits)).toHaveLength(10);
    },
  );

  it("leaves no process, no port and no file when it goes", async () => {
    const down = await stack.destroy();
    expect(down.code, down.output).toBe(0);
    expect(await processesIn(stack.storePath)).toEqual([]);
    expect(await isListening(stack.ports.inference)).toBe(false);
    expect(await isListening(stack.ports.tracker)).toBe(false);
    await expect(access(stack.storePath)).rejects.toThrow("ENOENT");
    expect((await stack.state()).types).toEqual([]);
  });
});

function tagOf(
  run: { data: { tags: { key: string; value: string }[] } } | undefined,
  key: string,
): string | undefined {
  return run?.data.tags.find((tag) => tag.key === key)?.value;
}

async function supervisorOf(
  stack: TestStack,
  service: string,
  port: number,
): Promise<{ pid: number }> {
  const file = `${stack.storePath}/run/${service}-${port}.json`;
  return JSON.parse(await readFile(file, "utf8")) as { pid: number };
}
