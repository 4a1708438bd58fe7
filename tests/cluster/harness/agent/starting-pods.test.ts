import { describe, expect, it } from "vitest";
import { known, withAddresses } from "./starting-pods.ts";

const pod = (name: string, podIP?: string) => ({
  metadata: { namespace: "a", name },
  status: { phase: "Pending", podIP },
});
const starting = [
  { sandbox: "1", namespace: "a", name: "new", address: "10.244.1.2" },
  { sandbox: "2", namespace: "b", name: "new", address: "10.244.1.3" },
];

describe("starting pods", () => {
  it("have the addresses that were announced until the API knows them", () => {
    expect(withAddresses([pod("new"), pod("other")], starting)).toEqual([
      pod("new", "10.244.1.2"),
      pod("other"),
    ]);
    expect(withAddresses([pod("new", "10.244.1.2")], starting)).toEqual([pod("new", "10.244.1.2")]);
  });

  it("have both addresses while their network is made anew", () => {
    expect(withAddresses([pod("new", "10.244.1.9")], starting)).toEqual([
      pod("new", "10.244.1.9"),
      pod("new", "10.244.1.2"),
    ]);
  });

  it("start when the API knows of them", () => {
    expect(known([pod("new"), pod("other")], starting)).toEqual([starting[0]]);
  });
});
