import { messageOf } from "@updraft/contracts/message-of";
import { npmCommand } from "../../../toolchain/npm-packages.js";
import { checkout } from "../../checkout.ts";
import { missingProgram, runProgram } from "../support/program.ts";
import { argumentsOf, CommandError, runCommand, UsageError } from "../support/run-command.ts";
import { exceptionsFile, readExceptions } from "../vulnerabilities/exceptions.ts";
import { judge } from "../vulnerabilities/findings.ts";
import { ruleOf, ruleOptions, ruleUsage } from "../vulnerabilities/rule-options.ts";
import { verdictReport } from "../vulnerabilities/verdict-report.ts";
import { parseAudit } from "./npm-audit.ts";

const usage = `Usage: npm run audit -- [--level <severity>] [--unfixed] [--exceptions <file>]

Asks the registry which packages that run here have known vulnerabilities; packages that only
development uses do not count.
${ruleUsage}
  --exceptions  what is accepted for a time. Default: infra/commands/vulnerabilities/exceptions.json

Ends with 1 if something is refused, with 3 if the registry cannot be asked.`;

await runCommand(usage, async (argv) => {
  const options = {
    ...ruleOptions,
    exceptions: { type: "string", default: exceptionsFile },
  } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  if (positionals.length > 0) throw new UsageError(usage);
  const rule = ruleOf(values, new Date(), usage);
  const exceptions = readExceptions(values.exceptions);
  const audit = parseAudit(await npmAudit());
  if ("unavailable" in audit) {
    throw new CommandError(
      `the registry cannot be asked for vulnerabilities: ${audit.unavailable}\nA mirror may lack the audit endpoint; name one that has it: npm_config_registry=<its address> npm run audit`,
      { exitCode: missingProgram },
    );
  }
  const verdict = judge(audit.findings, exceptions, rule);
  process.stdout.write(`${verdictReport("npm packages", verdict, rule)}\n`);
  return verdict.refused.length === 0 ? 0 : 1;
});

async function npmAudit(): Promise<string> {
  try {
    const [npm, ...first] = npmCommand(process.env);
    const flags = ["audit", "--json", "--omit=dev", "--package-lock-only"];
    // Its exit code says only whether there is anything at all.
    return (await runProgram(npm, [...first, ...flags], { cwd: checkout })).stdout;
  } catch (error) {
    throw new CommandError(messageOf(error), { exitCode: missingProgram, cause: error });
  }
}
