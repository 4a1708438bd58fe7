import * as pulumi from "@pulumi/pulumi";
import type { SourceVariables } from "@updraft/contracts/promotion-source";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PromotionPlan } from "../../platform.ts";
import type { RunInCluster } from "../cluster/cluster-facts.ts";
import { secretVariable } from "../variables.ts";
import { Promotion } from "./promotion.ts";
import { digest, NotingEngine, release, runArgs, valueOf, waitForRPCs } from "./run-fixture.ts";

const endpoint = "http://store.updraft-lab.svc.cluster.local:9000";
const plan: Omit<PromotionPlan, "sourceVariables"> = {
  kind: "promotion",
  model: "digits",
  dataset: "mnist-10k",
  seed: 1,
  gate: { minAccuracy: 0.98 },
  quality: { drift: { fail: 0.5 } },
  datasetFingerprint: "mnist-10k@1",
  codeDigest: digest,
  source: { stack: "lab", release },
};

function make(more: Partial<PromotionPlan> = {}, runs: RunInCluster[] = [], settings = {}) {
  const variables = { S3_ENDPOINT_URL: endpoint, AWS_SECRET_ACCESS_KEY: "a-key-of-the-lab" };
  const sourceVariables = pulumi.secret(pulumi.output<SourceVariables>(variables));
  const planned: PromotionPlan = { ...plan, sourceVariables, ...more };
  return new Promotion("promotion", { ...runArgs(settings, { runs }), plan: planned });
}

describe("Promotion", () => {
  let engine: NotingEngine;

  beforeEach(async () => {
    engine = await NotingEngine.start();
  });
  afterEach(() => waitForRPCs());

  /** The Job that an update has left behind. */
  function left(state: RunInCluster["state"]): RunInCluster {
    const { name, labels } = engine.inputsOf("promotion-run").metadata;
    const spec = labels["updraft.dev/spec"]!;
    return { name, spec, state, createdAt: "2026-07-14T09:35:12Z" };
  }

  it("keeps the identity of its resources, and has the trainer's from where they always are", async () => {
    await valueOf(make().release);
    expect(engine.identities(/^(train(er|ing)|promotion)/)).toEqual([
      "kubernetes:batch/v1:Job::promotion-run",
      "kubernetes:core/v1:ConfigMap::promotion-release",
      "kubernetes:core/v1:Secret::promotion-source",
      "kubernetes:core/v1:ServiceAccount::training-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::training-policy",
      "kubernetes:rbac.authorization.k8s.io/v1:Role::training-role",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding::training-role-binding",
      "updraft:platform:Promotion::promotion",
      "updraft:platform:TrainerRights::trainer",
    ]);
  });

  it("evaluates what it takes over with its own data and gate", async () => {
    const promotion = make();
    expect(await valueOf(promotion.release)).toEqual(release);
    const { metadata, spec } = engine.inputsOf("promotion-run");
    expect(metadata.name).toMatch(/^promotion-\d{8}-\d{6}-[0-9a-f]{4}$/);
    expect(engine.read).toEqual([`updraft-dev/${metadata.name}-release`]);
    expect(spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              args: ["promote"],
              env: expect.arrayContaining([
                { name: "TRAINER_GATE", value: '{"minAccuracy":0.98}' },
                { name: "TRAINER_QUALITY", value: '{"drift":{"fail":0.5}}' },
                { name: "TRAINER_DATASET", value: "mnist-10k" },
                { name: "TRAINER_STACK", value: "dev" },
                secretVariable("TRAINER_SOURCE", "promotion-source"),
                secretVariable("TRAINER_SOURCE_VARIABLES", "promotion-source"),
              ]),
            },
          ],
        },
      },
    });
  });

  it("keeps the source's keys in a Secret, and shows whom it calls", async () => {
    await valueOf(make().release);
    const others = engine.registered.filter(({ type }) => type !== "kubernetes:core/v1:Secret");
    expect(JSON.stringify(others)).not.toContain("a-key-of-the-lab");
    expect(JSON.stringify(engine.inputsOf("promotion-source"))).toContain("a-key-of-the-lab");
    const { spec } = engine.inputsOf("training-policy");
    expect(spec["egress"]).toContainEqual(
      expect.objectContaining({
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "updraft-lab" } },
            podSelector: { matchLabels: { "app.kubernetes.io/name": "store" } },
          },
        ],
      }),
    );
  });

  it("goes on with a promotion that an update has left, and repeats none that is complete", async () => {
    await valueOf(make().release);
    const first = engine.inputsOf("promotion-run");
    for (const state of ["unfinished", "complete"] as const) {
      const run = left(state);
      engine = await NotingEngine.start();
      // Every update trains, and yet the same release is promoted once.
      await valueOf(make({}, [run], { model: { retrain: "always" } }).release);
      expect(engine.inputsOf("promotion-run")).toEqual(first);
    }
  });

  it("stays as it is for the same package released again, and not for another one", async () => {
    await valueOf(make().release);
    const run = left("complete");
    const again = { ...plan.source.release, version: "5", runId: "run-5" };
    const other = { ...again, digest: `sha256:${"b".repeat(64)}` as const };
    engine = await NotingEngine.start();
    await valueOf(make({ source: { stack: "lab", release: again } }, [run]).release);
    expect(engine.inputsOf("promotion-run").metadata.name).toBe(run.name);
    engine = await NotingEngine.start();
    await valueOf(make({ source: { stack: "lab", release: other } }, [run]).release);
    expect(engine.inputsOf("promotion-run").metadata.name).not.toBe(run.name);
  });

  it("mounts a package that was taken along, in parts", async () => {
    await valueOf(make({ bundle: Buffer.alloc(800_000) }).release);
    const parts = ["promotion-source-aaaaaaaaaaaa-0", "promotion-source-aaaaaaaaaaaa-1"];
    expect(engine.identities(/^promotion-source-/)).toEqual([
      "kubernetes:core/v1:ConfigMap::promotion-source-0",
      "kubernetes:core/v1:ConfigMap::promotion-source-1",
    ]);
    expect(engine.inputsOf("promotion-source-1").metadata.name).toBe(parts[1]);
    expect(engine.inputsOf("promotion-run").spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              env: expect.arrayContaining([{ name: "TRAINER_SOURCE_BUNDLE", value: "/source" }]),
              volumeMounts: [
                { name: "tmp", mountPath: "/tmp" },
                { name: "source", mountPath: "/source", readOnly: true },
              ],
            },
          ],
          volumes: [
            { name: "tmp" },
            { projected: { sources: parts.map((name) => ({ configMap: { name } })) } },
          ],
        },
      },
    });
  });
});
