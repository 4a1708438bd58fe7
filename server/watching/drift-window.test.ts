import { describe, expect, it } from "vitest";
import { DriftWindow } from "./drift-window.ts";

const halves = { min: 0, max: 4, shares: [0.5, 0.5] };

const ofInput = () =>
  new DriftWindow({
    input: { name: "size", histogram: halves },
    features: [],
    predictions: undefined,
  });
const fill = (window: DriftWindow, value: number, instances: number) =>
  window.note(new Float32Array(instances).fill(value), [], instances);

describe("DriftWindow", () => {
  it("counts what is below, in and above the bins, as the trainer does", () => {
    const window = new DriftWindow({
      input: { name: "sizes", histogram: halves },
      features: [
        { name: "height", histogram: halves },
        { name: "width", histogram: { min: 7, max: 7, shares: [1] } },
      ],
      predictions: { name: "class", histogram: { min: 0, max: 3, shares: [0.2, 0.3, 0.5] } },
    });
    // Instances of two values: at the lower end, in the middle, at the upper end, and outside.
    const inputs = Float32Array.of(0, 7, 2, 7, 4, 7, -1, 8);
    window.note(inputs, [0, 1, 2, 2], 4);
    expect(window.inputs().map(({ name, now }) => [name, now])).toEqual([
      ["sizes", [0.125, 0.125, 0.25, 0.5]],
      ["height", [0.25, 0.25, 0.5, 0]],
      ["width", [0, 0.75, 0.25]],
    ]);
    expect(window.predictions()).toEqual({
      name: "class",
      psi: undefined,
      ks: undefined,
      min: 0,
      max: 3,
      before: [0, 0.2, 0.3, 0.5, 0],
      now: [0, 0.25, 0.25, 0.5, 0],
    });
  });

  it("says nothing of fewer than 200 instances", () => {
    const window = ofInput();
    fill(window, 1, 199);
    expect(window.inputs()[0]?.psi).toBeUndefined();
    fill(window, 3, 1);
    expect(window.inputs()[0]).toMatchObject({ ks: 0.495, psi: expect.any(Number) });
    expect(window.predictions()).toBeUndefined();
  });

  it("slides: what is older than 2,000 instances is forgotten", () => {
    const window = ofInput();
    fill(window, 1, 1000);
    fill(window, 3, 1000);
    expect([window.instances, window.inputs()[0]?.psi]).toEqual([2000, 0]);
    // One more begins a new piece, for which the oldest goes.
    fill(window, 3, 1);
    expect(window.instances).toBe(1801);
    expect(window.inputs()[0]?.now).toEqual([0, 800 / 1801, 1001 / 1801, 0]);
    fill(window, 3, 999);
    expect(window.inputs()[0]?.now).toEqual([0, 0, 1, 0]);
    for (const _ of Array(10)) fill(window, 1, 1024);
    expect(window.instances).toBeLessThanOrEqual(2000);
    expect(window.inputs()[0]?.now).toEqual([0, 1, 0, 0]);
  });
});
