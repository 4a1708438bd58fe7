import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { checkout } from "../../checkout.ts";
import { buildContext, shortDigest } from "../../kubernetes/images/build-context.ts";
import { pinnedImages } from "../../kubernetes/images/pinned.ts";
import { type RegistryUnderTest, startRegistry } from "../images/registry-under-test.ts";
import { type StackUnderTest, stackOfState } from "../images/stack-under-test.ts";

const main = join(import.meta.dirname, "main.ts");

function isThere(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

const missing = [
  ...(isThere("cosign", "version") ? [] : ["cosign"]),
  ...(isThere("docker-registry", "--version") ? [] : ["docker-registry"]),
];
const why = missing.length === 0 ? "" : ` (skipped: no ${missing.join(", no ")} on PATH)`;

/** What a signature says. */
const Claim = z.object({
  critical: z.object({
    image: z.object({ "docker-manifest-digest": z.string() }),
    type: z.string(),
  }),
});

/** A stack whose server was built from a checkout. */
async function stackWith(ref: string, tag: string): Promise<StackUnderTest> {
  const build = { args: { BASE: pinnedImages.base } };
  const imageName = `${ref.replace(/@.*/, "")}:${tag}`;
  return stackOfState("e2e-signed", [
    { type: "updraft:platform:Images", outputs: { server: ref } },
    {
      type: "docker:index/image:Image",
      inputs: { imageName, build },
      outputs: { imageName, repoDigest: ref },
    },
  ]);
}

describe.skipIf(missing.length > 0)(`npm run sign${why}`, { timeout: 120_000 }, () => {
  let folder: string;
  let registry: RegistryUnderTest;
  let stack: StackUnderTest;
  let ref: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-keys-"));
    registry = await startRegistry();
    ref = await registry.push("team/server");
    stack = await stackWith(ref, shortDigest((await buildContext("server", checkout)).digest));
    await cosign("generate-key-pair");
  }, 120_000);
  afterAll(async () => {
    await registry.stop();
    await stack.remove();
    await rm(folder, { recursive: true });
  });

  function cosign(...args: string[]) {
    const env = { ...process.env, COSIGN_PASSWORD: "for tests only" };
    return promisify(execFile)("cosign", args, { cwd: folder, env });
  }

  async function sign(of: StackUnderTest) {
    const flags = ["--key", join(folder, "cosign.key"), "--no-log"];
    const env = { ...of.env, COSIGN_PASSWORD: "for tests only" };
    const { stdout } = await promisify(execFile)(process.execPath, [main, of.name, ...flags], {
      env,
    });
    return stdout;
  }

  it("signs what the stack has built, so that others find signature and bill of materials", async () => {
    expect(await sign(stack)).toBe(`signed: ${ref}\n`);
    const check = ["--key", "cosign.pub", "--insecure-ignore-tlog=true"];
    const { stdout: signature } = await cosign("verify", ...check, ref);
    const images = z.array(Claim).parse(JSON.parse(signature));
    expect(images.map(({ critical }) => critical)).toContainEqual({
      image: { "docker-manifest-digest": ref.split("@")[1] },
      type: "https://sigstore.dev/cosign/sign/v1",
    });
    const attested = await cosign("verify-attestation", ...check, "--type", "cyclonedx", ref);
    const statement = Buffer.from(JSON.parse(attested.stdout).payload, "base64").toString();
    expect(JSON.parse(statement).predicate).toMatchObject({
      bomFormat: "CycloneDX",
      metadata: { component: { name: "updraft-server", version: ref.split("@")[1] } },
    });
  });

  it("leaves an image alone that was signed", async () => {
    expect(await sign(stack)).toBe(`was signed: ${ref}\n`);
  });

  it("signs nothing that was built from another checkout", async () => {
    const other = await stackWith(await registry.push("team/other"), "0123456789ab");
    await expect(sign(other)).rejects.toThrow("the stack runs 0123456789ab");
    await other.remove();
  });
});

describe("npm run sign without cosign", { timeout: 120_000 }, () => {
  it("ends with 3 and says what to install", async () => {
    const stack = await stackWith(`registry.example.com/server@sha256:${"a".repeat(64)}`, "x");
    const pulumi = process.env["PATH"]?.split(":").find((part) => part.includes("pulumi")) ?? "";
    const env = { ...stack.env, PATH: pulumi, COSIGN: "" };
    const args = [main, stack.name, "--key", "k"];
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    expect(stderr).toMatch(/^cosign is not on PATH, and COSIGN names none. Install cosign 3 /);
    expect(status).toBe(3);
    await stack.remove();
  });

  it("says that a stack of processes has nothing to sign", async () => {
    const stack = await stackOfState("e2e-processes", [{ type: "updraft:local:Service" }]);
    const { status, stdout } = spawnSync(process.execPath, [main, stack.name], {
      env: stack.env,
      encoding: "utf8",
    });
    expect(stdout).toContain("e2e-processes runs no images: ");
    expect(status).toBe(0);
    await stack.remove();
  });
});
