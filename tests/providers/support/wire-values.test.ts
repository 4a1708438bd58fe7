import { describe, expect, it } from "vitest";
import {
  containsSecret,
  containsUnknown,
  isSecret,
  secretOf,
  unknownString,
  withoutNulls,
  withoutSecrets,
} from "./wire-values.ts";

describe("secrets", () => {
  it("are wrapped once", () => {
    const secret = secretOf("swordfish");
    expect(secretOf(secret)).toBe(secret);
    expect(isSecret(secret)).toBe(true);
    expect(isSecret({ value: "swordfish" })).toBe(false);
  });

  it("are found and unwrapped at any depth", () => {
    const value = { data: [{ password: secretOf({ deep: secretOf("x") }) }], plain: 1 };
    expect(containsSecret(value)).toBe(true);
    expect(withoutSecrets(value)).toEqual({ data: [{ password: { deep: "x" } }], plain: 1 });
    expect(containsSecret(withoutSecrets(value))).toBe(false);
  });
});

describe("unknown values", () => {
  it("are found at any depth, in secrets too", () => {
    expect(containsUnknown({ spec: [{ name: unknownString }] })).toBe(true);
    expect(containsUnknown({ data: secretOf(unknownString) })).toBe(true);
    expect(containsUnknown({ spec: [{ name: "known" }] })).toBe(false);
  });
});

it("leaves out what is null, but not elements of lists", () => {
  expect(withoutNulls({ a: null, b: undefined, c: [null, { d: null }] })).toEqual({
    c: [null, {}],
  });
});
