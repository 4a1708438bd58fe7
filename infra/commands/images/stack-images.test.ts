import { describe, expect, it } from "vitest";
import { builtImages, stackImages } from "./stack-images.ts";

const digests = Object.fromEntries(
  ["a", "b", "c", "d", "e"].map((digit) => [digit, `sha256:${digit.repeat(64)}`]),
);
const registry = "registry.example.com/team";
const server = `${registry}/server@${digests["a"]}`;
const trainer = `${registry}/trainer@${digests["b"]}`;
const tracker = `${registry}/tracker@${digests["c"]}`;
const base = `docker.io/library/node:24-bookworm-slim@${digests["e"]}`;
const postgres = `docker.io/library/postgres:17-bookworm@${digests["d"]}`;

function workload(kind: string, name: string, containers: object[]) {
  const inputs = { metadata: { name }, spec: { template: { spec: { containers } } } };
  return { type: `kubernetes:apps/v1:${kind}`, inputs };
}

function built(imageName: string, repoDigest: string, build: object) {
  return {
    type: "docker:index/image:Image",
    inputs: { imageName, build: { args: { BASE: base }, ...build } },
    outputs: { imageName, repoDigest },
  };
}

function state(...resources: object[]): string {
  return JSON.stringify({ version: 3, deployment: { resources } });
}

const cluster = state(
  { type: "updraft:platform:Images", outputs: { server, trainer, tracker } },
  built(`${registry}/server:aaa`, server, {}),
  built("registry.example.com:5000/team/trainer:bbb-gpu", trainer, { target: "gpu" }),
  workload("StatefulSet", "tracker-database", [{ image: postgres }, { image: postgres }]),
  workload("Deployment", "tracker", [{ image: tracker }]),
  workload("Deployment", "inference", [{ image: server }]),
  workload("Deployment", "other", [{ image: "docker.io/library/nginx:latest" }]),
);

describe("the images of a stack", () => {
  it("are the platform's own first, then others, each with what runs it", () => {
    expect(stackImages(cluster)).toEqual([
      {
        name: "trainer",
        ref: trainer,
        digest: digests["b"],
        origin: "built",
        build: { tag: "bbb-gpu", base, target: "gpu" },
        usedBy: [],
      },
      {
        name: "server",
        ref: server,
        digest: digests["a"],
        origin: "built",
        build: { tag: "aaa", base },
        usedBy: ["Deployment inference"],
      },
      {
        name: "tracker",
        ref: tracker,
        digest: digests["c"],
        origin: "given",
        usedBy: ["Deployment tracker"],
      },
      {
        name: "postgres",
        ref: postgres,
        digest: digests["d"],
        origin: "foreign",
        usedBy: ["StatefulSet tracker-database"],
      },
    ]);
  });

  it("tells those apart that this repository was built into", () => {
    expect(builtImages(stackImages(cluster)).map(({ name, build }) => [name, build.tag])).toEqual([
      ["trainer", "bbb-gpu"],
      ["server", "aaa"],
    ]);
  });

  it("are none of a stack of processes, and of one that is down", () => {
    expect(stackImages(state({ type: "updraft:local:Service", inputs: { image: "x" } }))).toEqual(
      [],
    );
    expect(stackImages('{ "version": 3, "deployment": {} }')).toEqual([]);
  });
});
