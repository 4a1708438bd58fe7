import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

const main = join(import.meta.dirname, "main.ts");
const digest = `sha256:${"a".repeat(64)}`;
const stackFile = `
config:
  updraft:target: kubernetes
  updraft:images:
    trainer: registry.example.com/trainer@${digest}
    server: registry.example.com/server@${digest}
    tracker: registry.example.com/tracker@${digest}
  updraft:trackerToken:
    secure: v1:abc:def
  updraft:predictToken:
    secure: v1:ghi:jkl
  updraft:inference:
    ingress: { host: digits.example.com }
`;

function render(...args: string[]) {
  return promisify(execFile)(process.execPath, [main, ...args], { timeout: 120_000 });
}

// Each run starts Node and asks the trainer for its plan.
describe("npm run render", { timeout: 240_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-render-"));
    await writeFile(join(folder, "Pulumi.x.yaml"), stackFile);
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function contents(of: string): Promise<Record<string, string>> {
    const files = (await readdir(join(folder, of))).toSorted();
    const texts = files.map(async (name) => [name, await readFile(join(folder, of, name), "utf8")]);
    return Object.fromEntries(await Promise.all(texts));
  }

  it("writes the same manifests every time, without a cluster, and keeps what is not its own", async () => {
    const configFile = ["--config-file", join(folder, "Pulumi.x.yaml")];
    const { stdout } = await render("x", ...configFile, "--out", join(folder, "one"));
    expect(stdout).toMatch(/^\d+ manifests of x are in /);
    const one = await contents("one");
    await writeFile(join(folder, "one", "99-job-of-an-earlier-run.yaml"), "");
    await writeFile(join(folder, "one", "kustomization.yaml"), "resources: []\n");
    await render("x", ...configFile, "--out", join(folder, "one"));
    expect(await contents("one")).toEqual({ ...one, "kustomization.yaml": "resources: []\n" });
    const deployment = Object.entries(one).find(([name]) =>
      name.endsWith("deployment-inference.yaml"),
    );
    expect(deployment?.[1]).toContain(`image: registry.example.com/server@${digest}`);
    expect(deployment?.[1]).toContain("updraft.dev/model-digest: ${RELEASE_DIGEST}");
    const secret = Object.entries(one).find(([name]) => name.includes("secret-inference-access"));
    expect(secret?.[1]).toContain("PREDICT_TOKEN: ${INFERENCE_ACCESS_PREDICT_TOKEN}");
    expect(Object.values(one).join("")).not.toContain("placeholder-of");
  });

  it.each([
    [
      "promotes",
      { promotion: { fromStack: "dev" } },
      ["job-promotion-next-run", "secret-promotion-source"],
    ],
    ["pins a version", { inference: { pin: 3 } }, ["job-rollback-next-run"]],
  ])("writes those of a stack that %s, without another stack", async (_what, chapters, files) => {
    const file = join(await mkdtemp(join(folder, "stack-")), "Pulumi.x.yaml");
    const more = Object.entries(chapters).map(([key, value]) => [`updraft:${key}`, value]);
    const { config } = parse(stackFile);
    // JSON is YAML.
    const text = JSON.stringify({ config: { ...config, ...Object.fromEntries(more) } });
    await writeFile(file, text);
    const out = join(file, "..", "out");
    await render("x", "--config-file", file, "--out", out);
    const written = (await readdir(out)).map((name) => name.replace(/^\d+-(.+)\.yaml$/, "$1"));
    expect(written).toEqual(expect.arrayContaining(files));
    expect(written.filter((name) => name.startsWith("job-training-"))).toEqual([]);
    const texts = await Promise.all(
      (await readdir(out)).map((name) => readFile(join(out, name), "utf8")),
    );
    expect(texts.join("")).toContain("updraft.dev/model-digest: ${RELEASE_DIGEST}");
    expect(texts.join("")).not.toContain("source.invalid");
  });

  it.each([
    [["missing"], "there is no "],
    [["dev"], "set updraft:target: kubernetes"],
    [[], "Usage: npm run render"],
    [["x", "--output", "y"], "Usage: npm run render"],
  ])("says what is wrong with %j", async (args, problem) => {
    await expect(render(...args)).rejects.toThrow(problem);
  });
});
