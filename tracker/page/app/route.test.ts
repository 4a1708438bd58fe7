import { describe, expect, it } from "vitest";
import { addressForFragment, addressOf, routeOf } from "./route.ts";

describe("routes", () => {
  it.each([
    ["/", { page: "home" }],
    ["/models", { page: "models" }],
    ["/promotions", { page: "promotions" }],
    ["/compare", { page: "compare" }],
    ["/experiments/7", { page: "experiment", id: "7" }],
    ["/runs/0af3", { page: "run", id: "0af3" }],
    ["/models/a%20b", { page: "model", name: "a b" }],
    ["/models/a/versions/3", { page: "version", name: "a", version: "3" }],
    ["/models/a/version/3", { page: "nowhere" }],
    ["/models/a/versions", { page: "nowhere" }],
    ["/runs", { page: "nowhere" }],
    ["/runs/a/b", { page: "nowhere" }],
    ["/a/b/c/d/e", { page: "nowhere" }],
    ["/runs/%zz", { page: "nowhere" }],
  ])("%s shows %o", (path, route) => {
    expect(routeOf(path)).toEqual(route);
  });

  it("are found again by their addresses, whatever a name has in it", () => {
    const name = "100% a/b?c#d";

    expect(routeOf(addressOf.version(name, "1"))).toEqual({ page: "version", name, version: "1" });
    expect(addressOf.compare(["a", "b c"])).toBe("/compare?runs=a,b%20c");
  });

  it.each([
    ["#/experiments/1/runs/0af3", "/runs/0af3"],
    ["#/experiments/1/runs/0af3/artifacts", "/runs/0af3"],
    ["#/experiments/1", "/experiments/1"],
    ["#/experiments/1?searchFilter=x", "/experiments/1"],
    ["#/experiments/1/models/m-1", "/experiments/1"],
    ["#/models", "/models"],
    ["#/models/a%20b", "/models/a%20b"],
    ["#/models/a/versions/2", "/models/a/versions/2"],
    [`#/compare-runs?runs=${encodeURIComponent('["a","b"]')}&experiments=x`, "/compare?runs=a,b"],
    ["#/", "/"],
  ])("take %s of MLflow's page to %s", (fragment, address) => {
    expect(addressForFragment(fragment)).toBe(address);
  });

  it.each(["", "#content", "#/%zz"])("know no page of MLflow's at '%s'", (fragment) => {
    expect(addressForFragment(fragment)).toBeUndefined();
  });
});
