import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type StackUnderTest, stackOfState } from "./stack-under-test.ts";

const main = join(import.meta.dirname, "main.ts");
const ref = `registry.example.com/team/server@sha256:${"a".repeat(64)}`;
const container = { image: ref };
const spec = { template: { spec: { containers: [container] } } };

describe("npm run images", { timeout: 120_000 }, () => {
  let stack: StackUnderTest;
  beforeAll(async () => {
    stack = await stackOfState("e2e-images", [
      { type: "updraft:platform:Images", outputs: { server: ref } },
      {
        type: "kubernetes:apps/v1:Deployment",
        inputs: { metadata: { name: "inference" }, spec },
      },
    ]);
  }, 120_000);
  afterAll(() => stack.remove());

  function images(...args: string[]) {
    const options = { env: stack.env, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options);
    return { status, stdout, stderr };
  }

  it("lists what a stack runs, for people and for programs", () => {
    expect(images(stack.name)).toEqual({
      status: 0,
      stdout: `server\n  ${ref}\n  given, for Deployment inference\n`,
      stderr: "",
    });
    expect(JSON.parse(images(stack.name, "--json").stdout)).toEqual([
      {
        name: "server",
        ref,
        digest: `sha256:${"a".repeat(64)}`,
        origin: "given",
        usedBy: ["Deployment inference"],
      },
    ]);
  });

  it("says which stacks there are", () => {
    expect(images("e2e-other")).toMatchObject({
      status: 1,
      stderr: "there is no stack e2e-other in this backend; there are e2e-images\n",
    });
  });
});
