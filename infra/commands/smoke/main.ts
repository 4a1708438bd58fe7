import { existingStack, openWorkspace } from "../support/project.ts";
import { argumentsOf, runCommand, UsageError } from "../support/run-command.ts";
import { smokeReport } from "./smoke-test.ts";
import { smokeTestOf } from "./stack-smoke.ts";

const usage = `Usage: npm run smoke -- <stack>

Asks a stack whether it does what it was made for: the server is ready, serves the digest of the
release and answers the package's own example as in training, and the tracker answers. What only
pods reach is asked through a port-forward. Ends with 1 if something is not so.`;

await runCommand(usage, async (argv) => {
  const [name, ...more] = argumentsOf(argv, {}, usage).positionals;
  if (name === undefined || more.length > 0) throw new UsageError(usage);
  const workspace = await openWorkspace();
  await existingStack(workspace, name);
  const checks = await smokeTestOf(workspace, name);
  process.stdout.write(smokeReport(name, checks));
  return checks.every(({ isPassed }) => isPassed) ? 0 : 1;
});
