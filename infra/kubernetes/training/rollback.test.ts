import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RollbackPlan } from "../../platform.ts";
import { Rollback } from "./rollback.ts";
import { NotingEngine, release, runArgs, valueOf, waitForRPCs } from "./run-fixture.ts";

const plan: RollbackPlan = { kind: "rollback", model: "digits", pin: "3", reason: "4 and 9" };

describe("Rollback", () => {
  let engine: NotingEngine;

  beforeEach(async () => {
    engine = await NotingEngine.start();
  });
  afterEach(() => waitForRPCs());

  it("lets a version serve again by a Job, and says why", async () => {
    const rollback = new Rollback("rollback", { ...runArgs(), plan });
    expect(await valueOf(rollback.release)).toEqual(release);
    const { metadata, spec } = engine.inputsOf("rollback-run");
    expect(metadata.name).toMatch(/^rollback-\d{8}-\d{6}-[0-9a-f]{4}$/);
    expect(engine.read).toEqual([`updraft-dev/${metadata.name}-release`]);
    expect(spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              args: ["rollback"],
              env: expect.arrayContaining([
                { name: "TRAINER_PIN", value: "3" },
                { name: "TRAINER_REASON", value: "4 and 9" },
                { name: "TRAINER_STACK", value: "dev" },
              ]),
            },
          ],
        },
      },
    });
  });

  it("waits for no GPU and in no queue, and asks for little", async () => {
    const settings = {
      gpu: { count: 1 },
      training: { queue: "gpus", timeoutMinutes: 600, resources: { requests: { memory: "16Gi" } } },
    };
    const rollback = new Rollback("rollback", { ...runArgs(settings), plan });
    await valueOf(rollback.release);
    const { metadata, spec } = engine.inputsOf("rollback-run");
    expect(Object.keys(metadata.labels)).not.toContain("kueue.x-k8s.io/queue-name");
    expect(spec).toMatchObject({
      activeDeadlineSeconds: 600,
      template: {
        spec: {
          containers: [
            {
              resources: {
                requests: { cpu: "100m", memory: "128Mi" },
                limits: { memory: "512Mi" },
              },
            },
          ],
        },
      },
    });
    expect(JSON.stringify(spec)).not.toContain("nvidia.com/gpu");
  });
});
