import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { despiteOthers, hasStumbled } from "../ephemeral/despite-others.ts";
import { openEphemeral } from "../ephemeral/open-ephemeral.ts";
import { argumentsOf, runCommand, UsageError } from "../support/run-command.ts";
import { gitHubOf } from "./pull-requests.ts";
import { exitCodeOf, sweepReport, type SweptStack } from "./sweep-report.ts";
import { sweepStack } from "./sweep-stack.ts";

const usage = `Usage: npm run sweep [-- --dry-run] [--json]

Takes down the ephemeral stacks of the backend whose time is over, or whose pull request is closed:
GitHub is asked where GITHUB_REPOSITORY and GITHUB_TOKEN are set (and GITHUB_API_URL, for another
GitHub). No other stack is touched, and none that is protected. It may run twice, and at the same
time. Ends with 1 if something went wrong with a stack; the others are looked after all the same.
  --dry-run  says what would go
  --json     prints what has become of each stack as JSON`;

await runCommand(usage, async (argv) => {
  const options = { "dry-run": { type: "boolean" }, json: { type: "boolean" } } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  if (positionals.length > 0) throw new UsageError(usage);
  const gitHub = gitHubOf(process.env);
  const swept = await sweepAll(await openEphemeral(), {
    gitHub,
    isDryRun: values["dry-run"] === true,
    // The report alone is the output, so that it can be read by a program.
    onOutput: (text) => void process.stderr.write(text),
  });
  if (gitHub === undefined) {
    process.stderr.write(
      "GITHUB_REPOSITORY and GITHUB_TOKEN are not set: pull requests are not asked for, and only the time counts.\n",
    );
  }
  const report = values.json ? JSON.stringify(swept, undefined, 2) : sweepReport(swept);
  process.stdout.write(`${report}\n`);
  return exitCodeOf(swept);
});

async function sweepAll(
  workspace: LocalWorkspace,
  options: Parameters<typeof sweepStack>[2],
): Promise<SweptStack[]> {
  const swept: SweptStack[] = [];
  for (const { name } of await despiteOthers(() => workspace.listStacks(), hasStumbled)) {
    const one = await sweepStack(workspace, name, options);
    if (one !== undefined) swept.push(one);
  }
  return swept;
}
