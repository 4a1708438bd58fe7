import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { rules } from "./rules.ts";

const main = join(import.meta.dirname, "main.ts");
const digest = `sha256:${"a".repeat(64)}`;
const images = Object.fromEntries(
  ["trainer", "server", "tracker"].map((name) => [name, `registry.test/${name}@${digest}`]),
);
const kubernetes = { target: "kubernetes", images };
const secret = { secure: "v1:abc:def" };
const keys = { s3AccessKeyId: secret, s3SecretAccessKey: secret };
const s3 = { uri: "s3://models/team" };

/** What the program is in all its forms; the whole of each must keep every rule. */
const variants: Record<string, Record<string, unknown>> = {
  "processes on this machine": {},
  "processes with the release of another stack": {
    promotion: { fromStack: "dev" },
    protect: true,
    trackerToken: secret,
  },
  "processes that train again": {
    promotion: { fromStack: "dev", policy: "retrain" },
    store: { keep: true },
    predictToken: secret,
  },
  "processes with a tracker that is there, and a pinned version": {
    tracker: { uri: "http://127.0.0.1:1" },
    trackerToken: secret,
    inference: { pin: 3 },
  },
  "a cluster, with images that an update builds": {
    target: "kubernetes",
    images: { registry: "registry.test" },
    protect: true,
  },
  "a namespace that is there, and a bucket with a role": {
    ...kubernetes,
    kubernetes: { namespace: "team", createNamespace: false, quota: { "requests.cpu": 8 } },
    store: { s3: { ...s3, roleArn: "arn:aws:iam::123456789012:role/updraft" } },
  },
  "MLflow's server, a bucket with keys and a database": {
    target: "kubernetes",
    images: { ...images, mlflow: images["tracker"] },
    tracker: { kind: "mlflow" },
    ...keys,
    store: { s3: { ...s3, endpoint: "https://s3.test:8443" } },
    databaseUri: secret,
  },
  "a tracker that is there, and KServe": {
    ...kubernetes,
    tracker: { uri: "https://mlflow.test/team" },
    trackerToken: secret,
    predictToken: secret,
    inference: { serving: "kserve", traces: "https://collector.test" },
    monitoring: { serviceMonitor: {} },
  },
  "GPUs and a sweep": {
    ...kubernetes,
    gpu: {
      nodes: { names: ["gpu-1"] },
      devicePlugin: true,
      timeSlicing: { replicas: 4 },
      runtimeClass: { name: "nvidia", handler: "nvidia" },
    },
    model: {
      sweep: { strategy: "random", trials: 2, parameters: { learningRate: [0.001, 0.01] } },
    },
    training: { queue: "team" },
    store: { keep: true },
  },
  "a Gateway, and the release of another stack": {
    ...kubernetes,
    predictToken: secret,
    inference: {
      gateway: { name: "public", host: "digits.test" },
      corsOrigins: ["https://app.test"],
    },
    promotion: { fromStack: "dev", approvedDigest: digest },
    store: { readers: ["prod"] },
  },
  "a NodePort, and a pinned version": {
    ...kubernetes,
    inference: { service: { type: "NodePort" }, pin: digest, pinReason: "as it was" },
  },
};

const Report = z.object({
  stack: z.string(),
  rules: z.array(
    z.object({
      rule: z.string(),
      verdict: z.string(),
      violations: z.array(z.object({ where: z.string(), problem: z.string(), fix: z.string() })),
      excepted: z.array(z.object({ where: z.string(), reason: z.string() })),
    }),
  ),
});

function run(...args: string[]) {
  return promisify(execFile)(process.execPath, [main, ...args], { timeout: 120_000 });
}

// Each run starts Node and asks the trainer for its plan.
describe("npm run policy", { timeout: 240_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-policy-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Judges a stack with these chapters. */
  async function policy(stack: string, chapters: object, ...args: string[]) {
    const file = join(await mkdtemp(join(folder, "stack-")), `Pulumi.${stack}.yaml`);
    const config = Object.entries(chapters).map(([key, value]) => [`updraft:${key}`, value]);
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ config: Object.fromEntries(config) }));
    return run(stack, "--config-file", file, ...args);
  }

  it.concurrent.each(Object.entries(variants))("lets %s pass", async (_name, chapters) => {
    const { stdout } = await policy("shop-1", chapters, "--json");
    const report = Report.parse(JSON.parse(stdout));
    expect(report.rules.flatMap(({ violations }) => violations)).toEqual([]);
    expect(report.rules.map(({ rule, verdict }) => `${rule} ${verdict}`)).toEqual(
      rules.map(({ name }) => `${name} passed`),
    );
  });

  it("says where a rule is not kept and what to do, and ends with 1", async () => {
    const failed = policy("eu-prod", {});
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^prod-is-protected +violated +updraft:local:Folder environment-folder +holds data of the stack eu-prod, .*; protect the stack: pulumi config set updraft:protect true$/m,
      ),
    });
    await expect(failed).rejects.toMatchObject({
      stdout: expect.stringContaining("eu-prod: 10 of 11 rules are kept, 1 would stop an update\n"),
    });
  });

  it("goes on where the configuration of the pack makes the rule advisory", async () => {
    const config = join(folder, "advisory.json");
    await writeFile(config, JSON.stringify({ "prod-is-protected": "advisory" }));
    const { stdout } = await policy("eu-prod", {}, "--policy-pack-config", config);
    expect(stdout).toContain("eu-prod: 10 of 11 rules are kept, 1 advise\n");
  });

  it.each([
    [["missing"], 1, "there is no "],
    [[], 2, "Usage: npm run policy"],
    [["dev", "--policy-pack-config", "/missing.json"], 1, "there is no /missing.json"],
  ])("says what is wrong with %j", async (args, code, problem) => {
    const stderr = expect.stringContaining(problem);
    await expect(run(...args)).rejects.toMatchObject({ code, stderr });
  });
});
