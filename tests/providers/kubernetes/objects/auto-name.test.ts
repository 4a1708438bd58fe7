import { describe, expect, it } from "vitest";
import { unknownString } from "../../support/wire-values.ts";
import { isNamed, uniqueName, withAutoname, withOldAutoname } from "./auto-name.ts";

const urn = "urn:pulumi:dev::shop::my:Component$kubernetes:batch/v1:Job::training";
const seed = new Uint8Array([1, 2, 3]);
const bare = { apiVersion: "batch/v1", kind: "Job", metadata: { labels: { a: "b" } } };

describe("a unique name", () => {
  it("has eight hexadecimal digits, the same for the same seed", () => {
    expect(uniqueName(seed, "job-")).toMatch(/^job-[0-9a-f]{8}$/);
    expect(uniqueName(seed, "job-")).toBe(uniqueName(seed, "job-"));
    expect(uniqueName(undefined, "job-")).not.toBe(uniqueName(undefined, "job-"));
  });
});

describe("an object without a name", () => {
  it("is named after its resource, and marked", () => {
    expect(withAutoname(bare, urn, seed, undefined)).toEqual({
      ...bare,
      metadata: {
        labels: { a: "b" },
        name: uniqueName(seed, "training-"),
        annotations: { "pulumi.com/autonamed": "true" },
      },
    });
  });

  it("takes the name that the stack's configuration proposes", () => {
    const autonaming = { mode: "propose", proposedName: "training-x" } as const;
    expect(withAutoname(bare, urn, seed, autonaming)).toMatchObject({
      metadata: { name: "training-x" },
    });
  });

  it("is an error where names have to be given", () => {
    const autonaming = { mode: "disable", proposedName: "" } as const;
    expect(() => withAutoname(bare, urn, seed, autonaming)).toThrow("autonaming is disabled");
  });

  it("keeps the name that was made up before", () => {
    const old = withAutoname(bare, urn, seed, undefined);
    expect(withOldAutoname(bare, old)).toEqual(old);
  });

  it("does not keep a name that the program gave before", () => {
    const old = { ...bare, metadata: { name: "given" } };
    expect(isNamed(withOldAutoname(bare, old))).toBe(false);
  });
});

describe("an object with a name", () => {
  it.each(["training", unknownString])("keeps it: %s", (name) => {
    const named = { ...bare, metadata: { name } };
    expect(withAutoname(named, urn, seed, undefined)).toBe(named);
    expect(withOldAutoname(named, withAutoname(bare, urn, seed, undefined))).toBe(named);
  });
});
