import { quickModel } from "@updraft/tests/pulumi-stack";
import { TestStack } from "@updraft/tests/test-stack";
import type { ServedRelease } from "./own-server.ts";

/** Does something with a stack of its own that serves a model which took seconds to train. */
export async function withQuickStack(
  name: string,
  action: (stack: TestStack) => Promise<void>,
): Promise<void> {
  const stack = await TestStack.create(name);
  try {
    await stack.configure({ model: quickModel, gate: {} });
    const up = await stack.up();
    if (up.code !== 0) throw new Error(up.output);
    await action(stack);
  } finally {
    await stack.cleanUp();
  }
}

/** The release that a stack serves. */
export async function releaseOf(stack: TestStack): Promise<ServedRelease> {
  return JSON.parse((await stack.pulumi("stack", "output", "release", "--json")).stdout);
}
