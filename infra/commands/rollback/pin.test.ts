import { describe, expect, it } from "vitest";
import { CommandError, UsageError } from "../support/run-command.ts";
import { pinOf, reasonOf } from "./pin.ts";

const digest = `sha256:${"a".repeat(64)}`;
const release = {
  model: "digits",
  version: "5",
  digest,
  uri: "file:///stack/models/digits/a",
  runId: "run-5",
  datasetDigest: digest,
  metrics: {},
  gate: { verdict: "passed", rules: [] },
};
const previous = { version: "3", digest: `sha256:${"b".repeat(64)}` };

describe("pinOf", () => {
  it("takes the version or the digest that is named", () => {
    expect(pinOf("2", "prod", undefined)).toBe("2");
    expect(pinOf(digest, "prod", release)).toBe(digest);
  });

  it("takes the version that served before, where none is named", () => {
    expect(pinOf(undefined, "prod", { ...release, previous })).toBe("3");
  });

  it.each(["0", "v3", "sha256:abc", "latest"])("refuses %s, which is no version", (wanted) => {
    expect(() => pinOf(wanted, "prod", release)).toThrow(UsageError);
  });

  it("says so where nothing has served before", () => {
    expect(() => pinOf(undefined, "prod", release)).toThrow(
      new CommandError(
        "version 5 is the first that prod serves; name the version or the digest to go to",
      ),
    );
    expect(() => pinOf(undefined, "prod", undefined)).toThrow(
      new CommandError("prod has released nothing yet, so there is nothing to go back to"),
    );
  });
});

describe("reasonOf", () => {
  it("ends with who says so", () => {
    expect(reasonOf("sevens are read as ones ", "ada")).toBe("sevens are read as ones (ada)");
    expect(reasonOf(undefined, "ada")).toBe("by ada");
  });

  it("refuses one that the configuration would not take", () => {
    expect(() => reasonOf("x".repeat(495), "ada")).toThrow(/has 501 characters.*at most 500/);
  });
});
