import { access } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classify, realDigits } from "./digits.ts";
import { quickModel } from "./pulumi-stack.ts";
import { TestStack } from "./test-stack.ts";
import { runs } from "./tracker-client.ts";

describe("two stacks side by side", () => {
  let dev: TestStack;
  let review: TestStack;

  beforeAll(async () => {
    dev = await TestStack.create("main");
    review = await TestStack.create("pr-1");
  });

  afterAll(async () => {
    await dev?.cleanUp();
    await review?.cleanUp();
  });

  it("come up at the same time, each with its own model, runs and ports", async () => {
    await review.configure({ model: { ...quickModel, seed: 7 } });
    const [one, two] = await Promise.all([dev.up(), review.up()]);
    expect(one.code, one.output).toBe(0);
    expect(two.code, two.output).toBe(0);
    const [ofDev, ofReview] = [await dev.outputs(), await review.outputs()];
    expect(ofDev.model.digest).not.toBe(ofReview.model.digest);
    expect(await runs(ofDev.trackerUrl)).toHaveLength(1);
    expect(await runs(ofReview.trackerUrl)).toHaveLength(1);
  });

  it("goes on as it was when the other one goes", async () => {
    const { predictUrl, trackerUrl } = await dev.outputs();
    expect((await review.destroy()).code).toBe(0);
    expect(await classify(predictUrl, realDigits())).toHaveLength(10);
    expect(await runs(trackerUrl)).toHaveLength(1);
  });

  it("keeps its files when it is told to, and goes on with them when it comes back", async () => {
    const keep = { store: { path: dev.storePath, keep: true } };
    await dev.configure(keep);
    expect((await dev.up()).code).toBe(0);
    expect((await dev.destroy()).code).toBe(0);
    await access(dev.storePath);
    expect((await dev.up()).code).toBe(0);
    const { trackerUrl, model } = await dev.outputs();
    expect(model.version).toBe("1");
    expect(await runs(trackerUrl)).toHaveLength(3);
    await dev.configure({ store: { path: dev.storePath } });
    expect((await dev.up()).code).toBe(0);
  });
});
