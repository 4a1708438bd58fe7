import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { type OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import { checkout } from "../../checkout.ts";
import { actor } from "../support/actor.ts";
import { addToSummary, leaveOutputs } from "../support/job-summary.ts";
import { pipelineProblem } from "../support/pipeline-problem.ts";
import { configFileOf, configOf, openWorkspace } from "../support/project.ts";
import { argumentsOf, CommandError, runCommand, UsageError } from "../support/run-command.ts";
import { update } from "../support/update.ts";
import { approvalProblem, deploymentOf } from "./deployment.ts";

const usage = `Usage: npm run deploy -- <stack> [--approved-digest <digest>] [--message <text>]

Brings a stack up as a pipeline does: nothing is asked, a stack that is not there is made, and what
serves afterwards is left to the jobs after this one (GITHUB_OUTPUT: digest, version, model, url) and
shown in the summary of the job.
  --approved-digest  the only release that may be taken over (updraft:promotion.approvedDigest)
  --message          kept in the stack's history`;

await runCommand(usage, async (argv) => {
  const options = { "approved-digest": { type: "string" }, message: { type: "string" } } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError(usage);
  const config = configOf(name);
  if (config === undefined) throw new CommandError(`there is no ${configFileOf(name)}`);
  const approved = values["approved-digest"];
  const problem =
    (approved === undefined ? undefined : approvalProblem(name, config, approved)) ??
    pipelineProblem(process.env, checkout);
  if (problem !== undefined) throw new CommandError(problem);
  const stack = await Stack.createOrSelect(name, await openWorkspace());
  const outputs = await keepingConfig(name, async () => {
    if (approved !== undefined) {
      await stack.setConfig("updraft:promotion.approvedDigest", { value: approved }, true);
    }
    await update(stack, values.message ?? `deployed for ${await actor()}`);
    return stack.outputs();
  });
  const deployment = deploymentOf(name, plain(outputs));
  leaveOutputs(deployment.outputs);
  addToSummary(deployment.summary);
  process.stdout.write(`\n${deployment.summary}\n`);
  return 0;
});

/** An approval holds for this time alone. */
async function keepingConfig<T>(stack: string, action: () => Promise<T>): Promise<T> {
  const file = configFileOf(stack);
  const before = await readFile(file);
  try {
    return await action();
  } finally {
    if (existsSync(file)) await writeFile(file, before);
  }
}

function plain(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
