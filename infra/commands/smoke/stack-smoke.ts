import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import type { ClusterAccess } from "../../kubernetes/cluster/cluster-connection.ts";
import { configOf } from "../support/project.ts";
import { CommandError } from "../support/run-command.ts";
import { accessOf } from "../verify-teardown/cluster-access.ts";
import { type Check, SmokeTarget } from "./checks.ts";
import { smokeTest } from "./smoke-test.ts";

/**
 * The smoke test of a stack that is there.
 * @param waitSeconds how long the way to it may take to come into being
 * @throws {CommandError} if it has released nothing yet
 */
export async function smokeTestOf(
  workspace: LocalWorkspace,
  stack: string,
  waitSeconds?: number,
): Promise<Check[]> {
  const outputs = await workspace.stackOutputs(stack);
  const values = Object.entries(outputs).map(([name, { value }]) => [name, value]);
  const target = SmokeTarget.safeParse(Object.fromEntries(values));
  if (!target.success) {
    throw new CommandError(
      `the stack ${stack} serves nothing yet that could be tried; bring it up with: npm run pulumi -- up --stack ${stack}`,
    );
  }
  return smokeTest(target.data, { access: () => accessTo(stack), waitSeconds });
}

/** The cluster of the stack's configuration, where the configuration is on this machine. */
async function accessTo(stack: string): Promise<ClusterAccess> {
  const config = configOf(stack);
  return config?.target === "kubernetes" ? accessOf(config) : {};
}
