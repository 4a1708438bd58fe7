import { describe, expect, it } from "vitest";
import { eachVersionOnce, withVersion } from "./model-versions-tag.ts";

describe("the list of versions that a logged model is registered as", () => {
  it("begins empty and grows", () => {
    const list = withVersion(undefined, { name: "a", version: 1 });
    expect(list).toBe('[{"name":"a","version":"1"}]');
    expect(withVersion(list, { name: "b", version: "1" })).toBe(
      '[{"name":"a","version":"1"},{"name":"b","version":"1"}]',
    );
  });

  it("has each version once, whether its number is a text or not", () => {
    const list = '[{"name": "a", "version": 1}, {"name": "a", "version": "1"}]';
    expect(eachVersionOnce(list)).toBe('[{"name":"a","version":"1"}]');
  });

  it("stays as it is where it is something else", () => {
    for (const other of ["", "mine", "{}", "[1]", '[{"name":"a"}]']) {
      expect(eachVersionOnce(other)).toBe(other);
    }
    expect(withVersion("mine", { name: "a", version: 1 })).toBe('[{"name":"a","version":"1"}]');
  });
});
