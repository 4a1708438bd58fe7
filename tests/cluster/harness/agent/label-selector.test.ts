import { describe, expect, it } from "vitest";
import { selects } from "./label-selector.ts";

const labels = { app: "web", tier: "front" };
const expression = (operator: string, key: string, values?: string[]) =>
  selects({ matchExpressions: [{ key, operator, values }] }, labels);

describe("selects", () => {
  it("selects everything when it is empty", () => {
    expect(selects({}, {})).toBe(true);
  });

  it("wants every label", () => {
    expect(selects({ matchLabels: { app: "web", tier: "front" } }, labels)).toBe(true);
    expect(selects({ matchLabels: { app: "web", tier: "back" } }, labels)).toBe(false);
  });

  it("knows every operator", () => {
    expect(expression("In", "app", ["api", "web"])).toBe(true);
    expect(expression("In", "none", ["web"])).toBe(false);
    expect(expression("NotIn", "app", ["web"])).toBe(false);
    expect(expression("NotIn", "none", ["web"])).toBe(true);
    expect(expression("Exists", "app")).toBe(true);
    expect(expression("Exists", "none")).toBe(false);
    expect(expression("DoesNotExist", "app")).toBe(false);
    expect(expression("DoesNotExist", "none")).toBe(true);
  });

  it("refuses an operator that it does not know", () => {
    expect(() => expression("Like", "app")).toThrow(
      "A label selector has the unknown operator Like.",
    );
  });
});
