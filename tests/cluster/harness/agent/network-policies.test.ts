import { expect, it } from "vitest";
import { staleChains } from "./network-policies.ts";

it("finds the chains of pods that are gone, and no others", () => {
  const saved = [
    "*mangle",
    ":PREROUTING ACCEPT [0:0]",
    ":UPDRAFT-NP - [0:0]",
    ":UDNP-I-10.244.1.2 - [0:0]",
    ":UDNP-E-10.244.1.3 - [0:0]",
    "-A UPDRAFT-NP -d 10.244.1.2/32 -j UDNP-I-10.244.1.2",
  ];
  const rules = [":UPDRAFT-NP - [0:0]", ":UDNP-I-10.244.1.2 - [0:0]"];
  expect(staleChains(saved, rules)).toEqual(["UDNP-E-10.244.1.3"]);
});
