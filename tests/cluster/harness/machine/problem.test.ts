import { describe, expect, it } from "vitest";
import { capabilityProblems, routeProblems } from "./problem.ts";

describe("capabilityProblems", () => {
  it("is content with all of them, and without CAP_SYS_RESOURCE", () => {
    expect(capabilityProblems("CapEff:\t000001ffffffffff\n")).toEqual([]);
    expect(capabilityProblems("CapEff:\t000001fffeffffff\n")).toEqual([]);
  });

  it("names what root in a container lacks", () => {
    expect(capabilityProblems("CapEff:\t00000000a80425fb\n")).toEqual([
      "root lacks CAP_NET_ADMIN, CAP_SYS_ADMIN here",
    ]);
  });
});

describe("routeProblems", () => {
  it("does not mind other ranges, the way out, and the cluster's own bridges", () => {
    expect(
      routeProblems([
        { dst: "default", dev: "eth0" },
        { dst: "192.168.1.0/24", dev: "eth0" },
        { dst: "10.244.0.0/16", dev: "updraft-pods" },
        { dst: "10.96.0.0/16", dev: "updraft-pods" },
        { dst: "10.245.0.0/24", dev: "updraft-nodes" },
      ]),
    ).toEqual([]);
  });

  it("says which route is in the way", () => {
    expect(
      routeProblems([
        { dst: "10.244.3.0/24", dev: "flannel.1" },
        { dst: "10.96.0.0/12", dev: "tun0" },
      ]),
    ).toEqual([
      "the cluster's addresses 10.244.0.0/16 are routed already: 10.244.3.0/24 to flannel.1",
      "the cluster's addresses 10.96.0.0/16 are routed already: 10.96.0.0/12 to tun0",
    ]);
  });
});
