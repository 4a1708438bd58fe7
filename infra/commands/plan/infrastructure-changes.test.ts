import { describe, expect, it } from "vitest";
import { deploymentStep, trainingSteps } from "./fixtures/cluster-steps.ts";
import { recordedPreview } from "./fixtures/recorded.ts";
import { infrastructureChanges } from "./infrastructure-changes.ts";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("infrastructureChanges", () => {
  it("groups what is new by the component that it belongs to", () => {
    const { counts, components } = infrastructureChanges(recordedPreview("first"));
    expect(counts).toEqual({ create: 4, update: 0, replace: 0, delete: 0, same: 0 });
    expect(
      components.map(({ component, changes }) => [component, changes.map(({ name }) => name)]),
    ).toEqual([
      ["environment", ["environment-folder"]],
      ["tracker", ["tracker-service"]],
      ["training", ["training-run"]],
      ["inference", ["inference-service"]],
    ]);
  });

  it("leaves out what stays, and says of a server that it waits for the release", () => {
    expect(infrastructureChanges(recordedPreview("changed"))).toEqual({
      counts: { create: 0, update: 1, replace: 1, delete: 0, same: 2 },
      components: [
        {
          component: "training",
          changes: [
            { change: "replace", name: "training-run", type: "updraft:local:Task", because: [] },
          ],
        },
        {
          component: "inference",
          changes: [
            {
              change: "update",
              name: "inference-service",
              type: "updraft:local:Service",
              because: ["the new release"],
            },
          ],
        },
      ],
    });
    expect(infrastructureChanges(recordedPreview("on-change"))).toEqual({
      counts: { create: 0, update: 0, replace: 0, delete: 0, same: 4 },
      components: [],
    });
  });

  it("names the deepest inputs that change, by the names of their lists' items", () => {
    const before = { image: `r/s@sha256:${"1".repeat(64)}`, digest: `sha256:${"a".repeat(64)}` };
    const after = { image: `r/s@sha256:${"2".repeat(64)}`, digest: unknown };
    const steps = [deploymentStep(before, after)];
    expect(infrastructureChanges({ steps, diagnostics: [] }).components).toEqual([
      {
        component: "inference",
        changes: [
          {
            change: "update",
            name: "inference-deployment",
            type: "kubernetes:apps/v1:Deployment",
            because: [
              "spec.template.spec.containers.server.image s@11111111 → s@22222222",
              "the new release",
            ],
          },
        ],
      },
    ]);
  });

  it("counts a replacement once, whatever halves of it the engine shows, and no reads", () => {
    const run = { name: "training-1", image: "i", epochs: 1, minAccuracy: 0.9 };
    const [, replaced] = trainingSteps(run, { ...run, name: "training-2" });
    if (!replaced) throw new Error("no step");
    const steps = ["create-replacement", "replace", "delete-replaced", "read"].map((op) => ({
      ...replaced,
      op,
    }));
    expect(infrastructureChanges({ steps, diagnostics: [] }).counts).toEqual({
      create: 0,
      update: 0,
      replace: 1,
      delete: 0,
      same: 0,
    });
  });
});
