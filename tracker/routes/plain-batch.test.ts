import { describe, expect, it } from "vitest";
import { plainBatch } from "./plain-batch.ts";

const metric = { key: "loss", value: 0.5, timestamp: 1, step: 2 };
const plain = { run_id: "abc", metrics: [metric, { ...metric, step: -1 }] };

describe("plainBatch", () => {
  it("takes a batch of metrics as it is", () => {
    const fields = { ...plain, params: [], tags: [] };

    expect(plainBatch(plain)).toEqual(fields);
    expect(plainBatch({ ...fields, run_uuid: "abc" })).toEqual(fields);
    expect(plainBatch({ run_id: "abc", metrics: [] })).toEqual({ ...fields, metrics: [] });
  });

  it.each([
    { ...plain, params: [{ key: "p", value: "1" }] },
    { ...plain, tags: [{ key: "p", value: "1" }] },
    { ...plain, tags: {} },
    { ...plain, run_id: "" },
    { ...plain, run_id: undefined, run_uuid: "abc" },
    { ...plain, other: 1 },
    { ...plain, metrics: {} },
    { ...plain, metrics: [null] },
    ...[
      { value: "NaN" },
      { value: Infinity },
      { value: null },
      { timestamp: -1 },
      { timestamp: "1" },
      { timestamp: 1.5 },
      { step: undefined },
      { step: 2 ** 60 },
      { key: "" },
      { key: "a//b" },
      { key: 7 },
      { key: "x".repeat(251) },
      { model_id: "m-1" },
      { dataset_name: "d" },
    ].map((change) => ({ ...plain, metrics: [metric, { ...metric, ...change }] })),
  ])("leaves anything else to the schema: %j", (raw) => {
    expect(plainBatch(raw)).toBeUndefined();
  });
});
