import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { KindConfig } from "../config/cluster-config.ts";
import { kindConfig } from "./kind-config.ts";

const made = (config: object) =>
  parse(kindConfig(KindConfig.parse({ provider: "kind", ...config })));

describe("what kind makes a cluster from", () => {
  it("has a control plane and a node for the platform", () => {
    expect(made({})).toEqual({
      kind: "Cluster",
      apiVersion: "kind.x-k8s.io/v1alpha4",
      nodes: [{ role: "control-plane" }, { role: "worker" }],
    });
  });

  it("names the image of every node, and the ports that this machine has too", () => {
    const image = "kindest/node:v1.34.0";
    expect(made({ image, workers: 2, ports: [30_080] })).toMatchObject({
      nodes: [
        {
          role: "control-plane",
          image,
          extraPortMappings: [
            { containerPort: 30_080, hostPort: 30_080, listenAddress: "127.0.0.1" },
          ],
        },
        { role: "worker", image },
        { role: "worker", image },
      ],
    });
  });
});
