import { describe, expect, it } from "vitest";
import { assertSupported, isPatch, kindOfObject, kindOfUrn, nameOfUrn } from "./kind.ts";

const urn = (type: string) => `urn:pulumi:dev::shop::a:b$c:d$${type}::my::name`;

describe("an URN", () => {
  it("tells kind and name", () => {
    const job = urn("kubernetes:batch/v1:Job");
    expect(kindOfUrn(job)).toEqual({ group: "batch", version: "v1", kind: "Job" });
    expect(nameOfUrn(job)).toBe("my::name");
    expect(kindOfUrn(urn("kubernetes:core/v1:Secret"))).toEqual({
      group: "",
      version: "v1",
      kind: "Secret",
    });
  });

  it("tells a patch from a kind of its own", () => {
    expect(isPatch(urn("kubernetes:core/v1:NodePatch"), "Node")).toBe(true);
    expect(isPatch(urn("kubernetes:x.io/v1:OsPatch"), "OsPatch")).toBe(false);
  });

  it("is refused where it is no object's", () => {
    expect(() => assertSupported(urn("kubernetes:helm.sh/v3:Release"))).toThrow(
      "does not support kubernetes:helm.sh/v3:Release; install the official plugin",
    );
    expect(() => assertSupported(urn("kubernetes:core/v1:PodList"))).toThrow("list resources");
    expect(() => assertSupported(urn("kubernetes:core/v1:Pod"))).not.toThrow();
  });
});

it("is told by an object", () => {
  expect(kindOfObject({ apiVersion: "apps/v1", kind: "Deployment" })).toEqual({
    group: "apps",
    version: "v1",
    kind: "Deployment",
  });
});
