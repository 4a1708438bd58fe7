import * as pulumi from "@pulumi/pulumi";
import { digestOf } from "@updraft/contracts/digest";
import type { Release } from "@updraft/contracts/release";
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "./config/parse-config.ts";
import { ConfigError } from "./config/config-error.ts";
import { releasePlan } from "./release-plan.ts";
import { trainingPlan } from "./training-plan.ts";

const digest = digestOf("package");
const other = digestOf("another package");
const release: Release = {
  model: "digits",
  version: "4",
  digest,
  uri: "file:///dev/models/digits/aaaa",
  runId: "run-4",
  datasetDigest: digestOf("data"),
  metrics: { accuracy: 0.99 },
  gate: { verdict: "passed", rules: [] },
  lineage: {
    runId: "run-4",
    datasetDigest: digestOf("data"),
    codeDigest: digestOf("other code"),
    gitCommit: "abc",
    hyperparameters: { epochs: 3 },
    seed: 7,
  },
};

/** What stacks of other projects have released, by name. */
const outputs: Record<string, Record<string, unknown>> = {
  "team/other/dev": { release, packageAccess: { S3_ENDPOINT_URL: "http://store" } },
  "team/other/new": {},
  "team/other/iris": { release: { ...release, model: "iris" } },
  "team/other/failed": { release: { ...release, gate: { verdict: "failed", rules: [] } } },
  "team/other/old": { release: { model: "digits" } },
};

function configured(promotion: object, model: object = {}) {
  return parseConfig("updraft", {
    "updraft:promotion": JSON.stringify(promotion),
    "updraft:model": JSON.stringify(model),
  });
}

const parsed = (inference: object) =>
  parseConfig("updraft", { "updraft:inference": JSON.stringify(inference) });

const planOf = (promotion: object, model?: object) =>
  releasePlan("prod", configured(promotion, model));

// Each plan asks the trainer in a process of its own.
describe("the plan of a stack that promotes", { timeout: 60_000 }, () => {
  beforeAll(() =>
    pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs }) => ({
          id: name,
          state: { ...inputs, outputs: outputs[String(inputs["name"])], secretOutputNames: [] },
        }),
        call: () => ({}),
      },
      "updraft",
      "prod",
    ),
  );

  it("takes the source's release over, split by its seed, judged by this stack's rules", async () => {
    const plan = await planOf({ fromStack: "team/other/dev" });
    expect(plan).toMatchObject({
      kind: "promotion",
      source: { stack: "team/other/dev", release },
      model: "digits",
      dataset: "mnist-10k",
      seed: 7,
      gate: { minAccuracy: 0.97 },
    });
    expect(plan).not.toHaveProperty("hyperparameters");
    if (plan.kind !== "promotion") throw new Error("unreachable: it has just been seen");
    expect(await pulumi.isSecret(plan.sourceVariables)).toBe(true);
  });

  it("trains with the source's settings where it is to retrain", async () => {
    const { codeDigest } = await trainingPlan({
      model: { name: "digits", hyperparameters: {} },
      gate: {},
    });
    const lineage = { ...release.lineage, codeDigest };
    outputs["team/other/same-code"] = { release: { ...release, lineage } };
    const plan = await planOf({ fromStack: "team/other/same-code", policy: "retrain" });
    expect(plan).toMatchObject({
      kind: "training",
      hyperparameters: { epochs: 3, batchSize: 128 },
      seed: 7,
      source: { stack: "team/other/same-code", release: { version: "4" } },
    });
  });

  it("takes a release that is approved, and no other", async () => {
    const fromStack = "team/other/dev";
    expect(await planOf({ fromStack, approvedDigest: digest })).toMatchObject({
      kind: "promotion",
    });
    await expect(planOf({ fromStack, approvedDigest: other })).rejects.toThrow(
      `updraft:promotion.approvedDigest: team/other/dev releases ${digest}, and ${other} is approved`,
    );
  });

  it.each([
    [{ fromStack: "prod" }, "prod is this stack; name the one that releases before it"],
    [{ fromStack: "team/updraft/prod" }, "team/updraft/prod is this stack"],
    [{ fromStack: "team/other/new" }, "team/other/new has released nothing yet; bring it up first"],
    [{ fromStack: "team/other/iris" }, "releases iris, and this stack serves digits"],
    [{ fromStack: "team/other/failed" }, `the gate of team/other/failed did not let ${digest}`],
    [{ fromStack: "team/other/old" }, "the output release of team/other/old cannot be read"],
    [
      { fromStack: "team/other/dev", policy: "retrain" },
      `has trained with other code (${digestOf("other code")})`,
    ],
  ])("refuses %j, with the reason", async (promotion, problem) => {
    const refused = planOf(promotion);
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(problem);
  });
});

describe("the configuration of a stack that promotes", () => {
  it.each(["hyperparameters", "seed", "retrain"])(
    "refuses model.%s, which the release brings along",
    (key) => {
      const values = { hyperparameters: { epochs: 2 }, seed: 3, retrain: "on-change" };
      const model = { [key]: values[key as keyof typeof values] };
      expect(() => configured({ fromStack: "dev" }, model)).toThrow(
        `updraft:model.${key} does nothing: with updraft:promotion the release of dev brings its own; remove one of the two`,
      );
    },
  );

  it("says when it retrains, where it trains", () => {
    const config = configured({ fromStack: "dev", policy: "retrain" }, { retrain: "on-change" });
    expect(config.model.retrain).toBe("on-change");
  });
});

describe("the plan of a stack that is pinned", () => {
  it("is that version, whatever is trained or promoted otherwise", async () => {
    const pinned = parseConfig("updraft", {
      "updraft:promotion": JSON.stringify({ fromStack: "dev" }),
      "updraft:inference": JSON.stringify({ pin: "3", pinReason: "sevens (ada)" }),
    });
    expect(await releasePlan("prod", pinned)).toEqual({
      kind: "rollback",
      model: "digits",
      pin: "3",
      reason: "sevens (ada)",
    });
  });

  it("takes a version or a digest, and a reason only beside one", () => {
    expect(parsed({ pin: digest }).inference.pin).toBe(digest);
    expect(() => parsed({ pin: "latest" })).toThrow(
      "updraft:inference.pin: expected a version such as 3, or sha256: and 64 hexadecimal digits",
    );
    expect(() => parsed({ pinReason: "why" })).toThrow(
      "updraft:inference.pinReason does nothing without updraft:inference.pin",
    );
  });
});
