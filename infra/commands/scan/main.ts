import { basename } from "node:path";
import { noImages, readImages } from "../images/read-images.ts";
import { findProgram, runProgram } from "../support/program.ts";
import { argumentsOf, CommandError, runCommand, UsageError } from "../support/run-command.ts";
import { readExceptions } from "../vulnerabilities/exceptions.ts";
import { judge } from "../vulnerabilities/findings.ts";
import { ruleOf, ruleOptions, ruleUsage } from "../vulnerabilities/rule-options.ts";
import { verdictReport } from "../vulnerabilities/verdict-report.ts";
import { scanners } from "./scanners.ts";

const usage = `Usage: npm run scan -- <stack> [--level <severity>] [--unfixed]

Looks for known vulnerabilities in all images that a stack runs, with Grype or Trivy, and accepts
what infra/commands/vulnerabilities/exceptions.json accepts.
${ruleUsage}

Ends with 1 if something is refused, with 3 if neither program is here; SCANNER names another one
than that on PATH. Private registries are entered with docker's credentials.`;

const advice =
  "Install Grype (https://github.com/anchore/grype#installation; in GitHub Actions anchore/scan-action/download-grype) or Trivy (https://trivy.dev/latest/getting-started/installation).";

await runCommand(usage, async (argv) => {
  const { positionals, values } = argumentsOf(argv, ruleOptions, usage);
  const [stack, ...more] = positionals;
  if (stack === undefined || more.length > 0) throw new UsageError(usage);
  const rule = ruleOf(values, new Date(), usage);
  const exceptions = readExceptions();
  const images = await readImages(stack);
  if (images.length === 0) {
    process.stdout.write(noImages(stack));
    return 0;
  }
  const names = scanners.map(({ program }) => program);
  const file = findProgram(names, "SCANNER", advice);
  let isRefused = false;
  // One after another: both programs keep a database, which each would update.
  for (const { name, ref } of images) {
    const verdict = judge(await scan(file, ref, name), exceptions, rule);
    isRefused ||= verdict.refused.length > 0;
    process.stdout.write(`${verdictReport(name, verdict, rule)}\n\n`);
  }
  return isRefused ? 1 : 0;
});

async function scan(file: string, ref: string, name: string) {
  const scanner = scanners.find(({ program }) => basename(file).startsWith(program));
  if (scanner === undefined) {
    throw new CommandError(`SCANNER: ${file} is neither grype nor trivy`);
  }
  const { code, stdout, stderr } = await runProgram(file, scanner.args(ref));
  if (code === 0) return scanner.parse(stdout, name);
  throw new CommandError(`${file} cannot look into ${ref}:\n${stderr.trim()}`);
}
