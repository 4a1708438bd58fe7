import { afterEach, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../server-under-test.ts";
import type { DriftReport } from "./drift-report.ts";

/** Numbers from 0 to 1 that are the same in every run. */
function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const even = (bins: number) => Array.from({ length: bins }, () => 1 / bins);
const statistics = (max: number, shares: number[]) => ({
  mean: 5,
  standardDeviation: 1,
  histogram: { min: 0, max, shares },
});

/** Four values from 0 to 10, each of them equally often; "two" is the answer but to zeros. */
const baseline = {
  image: {
    ...statistics(10, even(20)),
    features: Array.from({ length: 4 }, () => statistics(10, even(10))),
  },
  sums: statistics(2, [0.1, 0.9]),
};

let server: ServerUnderTest;

afterEach(() => server.close());

const start = async (content: Parameters<typeof startServer>[1]) => {
  server = await startServer({}, content);
};

async function ask(asked: number[][]): Promise<void> {
  for (let from = 0; from < asked.length; from += 100) {
    const body = JSON.stringify({ instances: asked.slice(from, from + 100) });
    const answer = await fetch(`${server.base}/v1/models/sums:predict`, { method: "POST", body });
    expect(answer.status).toBe(200);
  }
}

/** Instances of which one in ten is nothing but zeros, if it is like the training data. */
function instances(count: number, shift: (value: number) => number, zeros = 0.1): number[][] {
  const random = seeded(7);
  return Array.from({ length: count }, () => {
    const isZero = random() < zeros;
    return Array.from({ length: 4 }, () => (isZero ? 0 : shift(random() * 10)));
  });
}

const report = async () => {
  const { models } = (await (await fetch(`${server.base}/drift.json`)).json()) as DriftReport;
  const [only, ...more] = models;
  if (!only || more.length > 0) throw new Error(`expected one model, got ${models.length}`);
  return only;
};
const scraped = async (name: string): Promise<[labels: string, value: number][]> => {
  const text = await (await fetch(`${server.base}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line.startsWith(`${name}{`));
  return lines.map((line) => {
    const [, labels = "", value = ""] = /\{(.*)\} (\S+)$/.exec(line) ?? [];
    return [labels, Number(value)];
  });
};

describe("drift", () => {
  it("is small while the requests are like the training data", async () => {
    await start({ format: "graph-model", baseline });
    await ask(instances(1000, (value) => value, 0));
    const { inputs, instances: seen } = await report();
    expect(seen).toBe(1000);
    expect(inputs.map(({ name }) => name)).toEqual([
      "image",
      "image[0]",
      "image[1]",
      "image[2]",
      "image[3]",
    ]);
    for (const { psi, ks } of inputs) {
      expect(psi).toBeLessThan(0.1);
      expect(ks).toBeLessThan(0.05);
    }
  });

  it("is large once the inputs have shifted, and small again when they are as before", async () => {
    await start({ format: "graph-model", baseline });
    await ask(instances(1000, (value) => value * 0.5, 0));
    const shifted = await scraped("input_drift_psi");
    expect(shifted.map(([labels]) => labels)).toContain(
      'model="sums",version="7",feature="image[3]"',
    );
    expect(shifted).toHaveLength(5);
    for (const [, psi] of shifted) expect(psi).toBeGreaterThan(0.25);
    for (const [, ks] of await scraped("input_drift_ks")) expect(ks).toBeGreaterThan(0.4);
    await ask(instances(2000, (value) => value, 0));
    for (const [, psi] of await scraped("input_drift_psi")) expect(psi).toBeLessThan(0.1);
  });

  it("is of the predictions too", async () => {
    await start({ baseline });
    await ask(instances(1000, (value) => value));
    expect((await scraped("prediction_drift_psi"))[0]?.[1]).toBeLessThan(0.1);
    await ask(instances(2000, () => 0));
    const [[labels, psi] = []] = await scraped("prediction_drift_psi");
    expect(labels).toBe('model="sums",version="7"');
    expect(psi).toBeGreaterThan(0.25);
    expect((await scraped("prediction_drift_ks"))[0]?.[1]).toBeCloseTo(0.9, 5);
    expect(await scraped("drift_window_instances")).toEqual([['model="sums",version="7"', 2000]]);
  });

  it("is unknown of a package without a baseline, which says so", async () => {
    await start({});
    await ask(instances(300, (value) => value));
    expect(await report()).toMatchObject({
      has_baseline: false,
      instances: 0,
      inputs: [],
      predictions: null,
      labels: ["one", "two"],
      feedback: { count: 0, accuracy: null },
    });
    expect(await scraped("input_drift_psi")).toEqual([]);
    expect(await scraped("prediction_drift_psi")).toEqual([]);
  });

  it("says nothing before it has enough instances", async () => {
    await start({ baseline });
    await ask(instances(199, () => 0));
    const { instances: seen, inputs, predictions } = await report();
    expect([seen, inputs[0]?.psi, predictions?.ks]).toEqual([199, null, null]);
    expect(await scraped("input_drift_psi")).toEqual([]);
  });
});
