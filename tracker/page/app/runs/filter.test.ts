import { describe, expect, it } from "vitest";
import { filterFrom } from "./filter.ts";

describe("the filter", () => {
  it.each([
    ["", ""],
    ["  metrics.a > 0.9 ", "metrics.a > 0.9"],
    ["params.a IN ('x')", "params.a IN ('x')"],
    ["tags.a like '%x'", "tags.a like '%x'"],
    ["tags.a != 'b'", "tags.a != 'b'"],
    ["heron", "attributes.run_name ILIKE '%heron%'"],
    ["brisk heron", "attributes.run_name ILIKE '%brisk heron%'"],
    ["ada's", `attributes.run_name ILIKE "%ada's%"`],
    ["linear", "attributes.run_name ILIKE '%linear%'"],
  ])("takes '%s' as %s", (text, filter) => {
    expect(filterFrom(text)).toBe(filter);
  });
});
