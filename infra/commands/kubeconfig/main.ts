import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError, runCommand } from "../support/run-command.ts";

const usage = `Usage: npm run kubeconfig

Writes the kubeconfig that the variable KUBECONFIG_CONTENT holds, such as a secret of an environment
of GitHub's, to a file of the runner that only this user reads, and names it to the steps after this
one. Does nothing where the variable is empty.`;

await runCommand(usage, async (argv) => {
  if (argv.length > 0) throw new CommandError(usage, { exitCode: 2 });
  const { KUBECONFIG_CONTENT: content, RUNNER_TEMP: folder, GITHUB_ENV: variables } = process.env;
  if (!content) {
    process.stdout.write("no KUBECONFIG_CONTENT: KUBECONFIG stays as it is\n");
    return 0;
  }
  if (!folder || !variables) {
    throw new CommandError(
      "this is no run of GitHub Actions (RUNNER_TEMP, GITHUB_ENV); set KUBECONFIG to the file",
    );
  }
  const file = join(folder, "kubeconfig");
  writeFileSync(file, content, { mode: 0o600 });
  appendFileSync(variables, `KUBECONFIG=${file}\n`);
  process.stdout.write(`KUBECONFIG is ${file}\n`);
  return 0;
});
