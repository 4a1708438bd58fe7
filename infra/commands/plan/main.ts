import { argumentsOf, runCommand, UsageError } from "../support/run-command.ts";
import { failedRun } from "./failed-run.ts";
import { infrastructureChanges } from "./infrastructure-changes.ts";
import { modelPlan } from "./model-plan.ts";
import { output, type Finding, type Format } from "./output.ts";
import { warningsOf } from "./read-preview.ts";
import { readPreview, readStack } from "./read-stack.ts";
import { wantsColour } from "./render-text.ts";
import { report } from "./report.ts";

const usage = `Usage: npm run plan -- <stack> [--report] [--markdown | --json]

Says what an update of a stack would do to the model: whether it trains, promotes, rolls back or
leaves it as it is, and why; which gate it faces; how long it takes; what rolls out. Changes nothing.
  --report    what the last update did, in place of what the next one would do
  --markdown  for a comment on a pull request; its first line is a marker by which it is found again
  --json      the same facts for a program`;

await runCommand(usage, async (argv) => {
  const { stack, isReport, format } = wishOf(argv);
  const finding = await (isReport ? reported(stack) : planned(stack));
  const text = output(finding, format);
  const isForPeople = format === "text" || format === "coloured";
  const stream = finding.kind === "failure" && isForPeople ? process.stderr : process.stdout;
  await new Promise((resolve) => stream.write(text, resolve));
  return finding.kind === "failure" ? 1 : 0;
});

async function reported(stack: string): Promise<Finding> {
  const { state, history } = await readStack(stack);
  const failed = await failedRun(state, history);
  return { kind: "report", stack, ...report(state, history, failed) };
}

async function planned(stack: string): Promise<Finding> {
  const { state, history } = await readStack(stack);
  const [previewed, failed] = await Promise.all([readPreview(stack), failedRun(state, history)]);
  const now = report(state, history, failed);
  if ("failure" in previewed) return { kind: "failure", stack, failure: previewed.failure, now };
  const { preview } = previewed;
  return {
    kind: "plan",
    stack,
    model: modelPlan(preview, state, history),
    infrastructure: infrastructureChanges(preview),
    now,
    warnings: warningsOf(preview),
  };
}

function wishOf(argv: readonly string[]): { stack: string; isReport: boolean; format: Format } {
  const flag = { type: "boolean", default: false } as const;
  const options = { report: flag, markdown: flag, json: flag };
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [stack, ...more] = positionals;
  if (stack === undefined || more.length > 0) throw new UsageError(usage);
  if (values.markdown && values.json) {
    throw new UsageError(`--markdown and --json are two forms of one text; give one\n\n${usage}`);
  }
  const text = wantsColour(process.stdout, process.env) ? "coloured" : "text";
  const format = values.json ? "json" : values.markdown ? "markdown" : text;
  return { stack, isReport: values.report, format };
}
