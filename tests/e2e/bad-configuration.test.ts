import { access, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isListening } from "./leftovers.ts";
import { quickModel, type StackConfig } from "./pulumi-stack.ts";
import { TestStack } from "./test-stack.ts";

describe("an update that cannot work", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.create("bad");
  });

  afterAll(() => stack?.cleanUp());

  async function rejection(config: StackConfig): Promise<string> {
    await stack.configure(config);
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(await isListening(stack.ports.tracker)).toBe(false);
    await expect(access(stack.storePath)).rejects.toThrow("ENOENT");
    expect((await stack.state()).types.filter((type) => type.startsWith("updraft:"))).toEqual([]);
    expect(up.output).not.toMatch(/ at .*\.(ts|js):\d+/);
    return up.output;
  }

  it("names an unknown key and those that are known", async () => {
    expect(await rejection({ trackr: {} })).toContain(
      "updraft:trackr is not a key of the configuration; known here: target, model",
    );
  });

  it("names the place of a wrong type", async () => {
    expect(await rejection({ inference: { port: "http" } })).toContain(
      "updraft:inference.port: Invalid input: expected number, received string",
    );
  });

  it("names a hyperparameter that the model does not have", async () => {
    expect(await rejection({ model: { ...quickModel, hyperparameters: { epochz: 3 } } })).toContain(
      "epochz",
    );
  });

  it("names a model that there is not, and those there are", async () => {
    const output = await rejection({ model: { name: "letters" } });
    expect(output).toContain("letters");
    expect(output).toContain("digits");
  });

  it("names a port that another process uses", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(stack.ports.inference, "127.0.0.1", resolve));
    const output = await rejection({});
    await new Promise((resolve) => other.close(resolve));
    expect(output).toContain(
      `updraft:inference.port: port ${stack.ports.inference} on 127.0.0.1 is used by another process; stop that process or set another port`,
    );
  });

  it("names a folder that cannot be written", async () => {
    const file = join(stack.folder, "a-file");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "");
    expect(await rejection({ store: { path: join(file, "below") } })).toContain(
      `updraft:store.path: ${file}/below cannot be written`,
    );
  });
});
