import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { checkout } from "../../checkout.ts";
import { addToSummary } from "../support/job-summary.ts";
import { runCommand, UsageError } from "../support/run-command.ts";
import { reported } from "./reported.ts";
import { scriptFile } from "./script-file.ts";

const usage = `Usage: npm run report -- <file> <command> [its arguments]

Runs a command of this repository, keeps the Markdown that it prints in a file, and shows it in the
summary of the job. Ends as the command ends; the file says so where it has failed.
  npm run report -- .updraft/ci/plan-dev.md plan dev --markdown`;

await runCommand(usage, async ([name, script, ...args]) => {
  if (name === undefined || script === undefined) throw new UsageError(usage);
  const manifest = readFileSync(join(checkout, "package.json"), "utf8");
  const program = join(checkout, scriptFile(manifest, script));
  const { code, output } = await run(program, args);
  const text = reported(output, code, [script, ...args].join(" "));
  const file = resolve(name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  addToSummary(text);
  return code;
});

/** Signals go on to the command, which ends in order. */
async function run(program: string, args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, pass);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  const [code] = await once(child, "close");
  return { code: typeof code === "number" ? code : 1, output };
}
