import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestStack } from "./test-stack.ts";

const checkout = join(import.meta.dirname, "../..");
const pack = join(checkout, "infra/policy");

const withPack = (config: string) => ["--policy-pack", pack, "--policy-pack-config", config];

describe("the policy pack, at a stack of this machine", () => {
  let stack: TestStack;
  let protectedByName: string;
  beforeAll(async () => {
    stack = await TestStack.create("policy");
    protectedByName = join(stack.folder, "policy.json");
    const config = { "prod-is-protected": { stacks: [stack.name] } };
    await writeFile(protectedByName, JSON.stringify(config));
  });
  afterAll(() => stack.cleanUp());

  const unprotected = "updraft:local:Folder environment-folder: holds data of the stack ";

  it("lets a preview pass", async () => {
    const { code, output } = await stack.pulumi("preview", "--policy-pack", "infra/policy");
    expect(output).toMatch(/✅ updraft@v\d+\.\d+\.\d+ \(local: infra\/policy\)/);
    expect(code).toBe(0);
  });

  it("stops an update before anything is started where a mandatory rule is not kept", async () => {
    const args = ["up", "--yes", "--skip-preview", ...withPack(protectedByName)];
    const { code, output } = await stack.pulumi(...args);
    expect(output).toContain("[mandatory]  prod-is-protected");
    expect(output).toContain(`${unprotected}${stack.name}`);
    expect(output).toContain("protect the stack: pulumi config set updraft:protect true");
    expect(code).not.toBe(0);
    const { types } = await stack.state();
    expect(types.filter((type) => type.startsWith("updraft:local:"))).toEqual([]);
    expect(existsSync(stack.storePath)).toBe(false);
  });

  it("goes on where the rule is made advisory, and says it all the same", async () => {
    const advisory = join(stack.folder, "advisory.json");
    const config = { "prod-is-protected": { enforcementLevel: "advisory", stacks: [stack.name] } };
    await writeFile(advisory, JSON.stringify(config));
    const { code, output } = await stack.pulumi("preview", ...withPack(advisory));
    expect(output).toContain("[advisory]  prod-is-protected");
    expect(code).toBe(0);
  });

  it("lets it pass once the stack is protected", async () => {
    await stack.configure({ protect: true });
    const { code, output } = await stack.pulumi("preview", ...withPack(protectedByName));
    expect(output).toContain("✅ updraft@v");
    expect(code).toBe(0);
  });

  it("says what is wrong with its configuration", async () => {
    const wrong = join(stack.folder, "wrong.json");
    await writeFile(wrong, JSON.stringify({ "prod-is-protected": { stacks: "main" } }));
    const { code, output } = await stack.pulumi("preview", ...withPack(wrong));
    expect(output).toContain("prod-is-protected: stacks: Invalid type. Expected: array");
    expect(code).not.toBe(0);
  });
});

/** Manifests without a cluster: components need no plugin, whatever type they say they are of. */
const program = `
const pulumi = require("@pulumi/pulumi");
const labels = { "updraft.dev/stack": pulumi.getStack() };
const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } };
const manifest = (type, name, inputs) =>
  new pulumi.ComponentResource("kubernetes:" + type, name, {
    kind: type.split(":").at(-1),
    metadata: { name, labels },
    ...inputs,
  });
const containers = [{
  name: "main",
  image: process.env.IMAGE ?? pulumi.runtime.unknownValue,
  resources,
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
}];
const securityContext = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
const replicas = process.env.REPLICAS;
manifest("apps/v1:Deployment", "web", {
  spec: { ...(replicas ? { replicas: Number(replicas) } : {}), template: { spec: { containers, securityContext } } },
});
manifest("autoscaling/v2:HorizontalPodAutoscaler", "web", {
  spec: { scaleTargetRef: { kind: "Deployment", name: "web" } },
});
if (process.env.NO_LABELS) manifest("core/v1:Service", "api", { metadata: { name: "api" } });
`;

describe("the policy pack, at manifests of another program", () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-policy-"));
    await mkdir(join(folder, "backend"));
    await mkdir(join(folder, "node_modules/@pulumi"), { recursive: true });
    const sdk = "@pulumi/pulumi";
    await symlink(join(checkout, "infra/node_modules", sdk), join(folder, "node_modules", sdk));
    await writeFile(join(folder, "index.js"), program);
    await writeFile(join(folder, "package.json"), "{}");
    const runtime = { name: "nodejs", options: { typescript: false } };
    await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "shop", runtime }));
    environment = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${folder}/backend`,
      PULUMI_CONFIG_PASSPHRASE: "for tests only",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    await pulumi({}, "stack", "init", "dev");
  });
  afterAll(() => rm(folder, { recursive: true }));

  function pulumi(variables: Record<string, string>, ...args: string[]) {
    const env = { ...environment, ...variables };
    return promisify(execFile)("pulumi", [...args, "--non-interactive"], { cwd: folder, env });
  }

  // A project that does not name the pack's runtime starts the pack's program itself.
  const preview = (variables: Record<string, string>) => {
    const analyzer = join(pack, "pulumi-analyzer-policy-updraft");
    return pulumi(variables, "preview", "--stack", "dev", "--policy-pack", analyzer);
  };

  it("says nothing of what only an update knows", async () => {
    const { stdout } = await preview({});
    expect(stdout).toContain("✅ updraft@v");
    expect(stdout).not.toContain("can't run policy");
  });

  it("fails for an image without a digest", async () => {
    await expect(preview({ IMAGE: "registry.test/web:1" })).rejects.toMatchObject({
      stdout: expect.stringMatching(
        /\[mandatory\] {2}images-by-digest .*\n.*\n.*Deployment web, container main: image registry.test\/web:1 is not named by its digest/,
      ),
    });
  });

  it("fails for replicas beside an autoscaler, which only the whole stack shows", async () => {
    await expect(preview({ REPLICAS: "2" })).rejects.toMatchObject({
      stdout: expect.stringMatching(
        /\[mandatory\] {2}no-replicas-beside-autoscaler .*\n.*\n.*Deployment web: replicas is 2/,
      ),
    });
  });

  it("advises a label, and goes on", async () => {
    const { stdout } = await preview({ NO_LABELS: "true" });
    expect(stdout).toContain("[advisory]  stack-labels");
    expect(stdout).toContain("Service api: the label updraft.dev/stack is not set; set it to dev");
  });
});
