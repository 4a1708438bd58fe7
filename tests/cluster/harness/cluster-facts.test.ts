import { describe, expect, it } from "vitest";
import { environmentOf, factsOf } from "./cluster-facts.ts";

const facts = {
  kubeconfig: "/home/me/.kube/config",
  registry: "127.0.0.1:5000",
  dockerHost: "unix:///run/docker.sock",
  images: { node: "n@sha256:1", minio: "m@sha256:2", postgres: "p@sha256:3" },
};

describe("factsOf", () => {
  it("reads what environmentOf writes", () => {
    expect(factsOf(environmentOf(facts))).toEqual(facts);
  });

  it("knows of no cluster without kubeconfig or registry", () => {
    expect(factsOf({ KUBECONFIG: "/home/me/.kube/config" })).toBeUndefined();
    expect(factsOf({ CLUSTER_REGISTRY: "127.0.0.1:5000" })).toBeUndefined();
  });

  it("takes docker's usual socket", () => {
    const { DOCKER_HOST, ...env } = environmentOf(facts);
    expect(DOCKER_HOST).toBe("unix:///run/docker.sock");
    expect(factsOf(env)?.dockerHost).toBe("unix:///var/run/docker.sock");
  });

  it("wants the images too", () => {
    const { CLUSTER_IMAGES: _, ...env } = environmentOf(facts);
    expect(() => factsOf(env)).toThrow(
      "CLUSTER_IMAGES has no node, minio, postgres; with KUBECONFIG and CLUSTER_REGISTRY it names " +
        'the images of the cluster by digest, as JSON: {"node": "…@sha256:…", …}.',
    );
  });
});
