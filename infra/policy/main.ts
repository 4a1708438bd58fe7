import { argumentsOf, runCommand, UsageError } from "../commands/support/run-command.ts";
import { readStack } from "../kubernetes/render/read-stack.ts";
import { recordProgram } from "../kubernetes/render/record-program.ts";
import { judge, stopsUpdate } from "./judge.ts";
import { policySettings } from "./policy-config.ts";
import { reportOf, reportTable, summaryLine } from "./report.ts";
import { rules } from "./rules.ts";

const usage = `Usage: npm run policy -- <stack> [--json] [--config-file <file>] [--policy-pack-config <file>]

Judges what an update of a stack would ask for by the rules of the policy pack, without engine,
plugins, cluster or other stacks. Ends with 1 if a mandatory rule is not kept.
  --json                prints the verdicts as JSON
  --config-file         the stack's configuration. Default: Pulumi.<stack>.yaml
  --policy-pack-config  levels and exceptions over those of infra/policy/policy.json`;

const options = {
  json: { type: "boolean" },
  "config-file": { type: "string" },
  "policy-pack-config": { type: "string" },
} as const;

/** Judges the stack that the arguments name. */
async function policy(argv: readonly string[]): Promise<number> {
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [stack, ...more] = positionals;
  if (stack === undefined || more.length > 0) throw new UsageError(usage);
  const settings = policySettings(rules, values["policy-pack-config"]);
  const config = await readStack(stack, values["config-file"]);
  const verdicts = judge(rules, await recordProgram(stack, config), { stack, settings });
  const text = values.json
    ? JSON.stringify(reportOf(stack, verdicts), undefined, 2)
    : `${reportTable(verdicts)}\n\n${summaryLine(stack, verdicts)}`;
  process.stdout.write(`${text}\n`);
  return stopsUpdate(verdicts) ? 1 : 0;
}

await runCommand(usage, policy);
