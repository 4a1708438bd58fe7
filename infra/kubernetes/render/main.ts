import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { checkout } from "../../checkout.ts";
import { argumentsOf, runCommand, UsageError } from "../../commands/support/run-command.ts";
import { ConfigError } from "../../config/config-error.ts";
import { manifestFiles } from "./manifest-files.ts";
import { readStack } from "./read-stack.ts";
import { recordProgram } from "./record-program.ts";

const usage = `Usage: npm run render -- <stack> [--out <folder>] [--config-file <file>]

Writes the manifests that an update of a stack would apply, a file for each, without a cluster.
  --out          where to; manifests of an earlier run there are replaced. Default: .updraft/render/<stack>
  --config-file  the stack's configuration. Default: Pulumi.<stack>.yaml`;

/** Writes the manifests of the stack that the arguments name. */
async function render(argv: readonly string[]): Promise<number> {
  const options = { out: { type: "string" }, "config-file": { type: "string" } } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [stack, ...more] = positionals;
  if (stack === undefined || more.length > 0) throw new UsageError(usage);
  const config = await readStack(stack, values["config-file"]);
  if (config.values["updraft:target"] !== "kubernetes") {
    throw new ConfigError([
      `${config.file}: the stack ${stack} is processes on this machine, which have no manifests; set updraft:target: kubernetes`,
    ]);
  }
  const files = manifestFiles(await recordProgram(stack, config));
  const folder = resolve(values.out ?? join(checkout, ".updraft", "render", stack));
  await mkdir(folder, { recursive: true });
  // Those of an earlier run would be applied with these.
  for (const name of await readdir(folder)) {
    if (/^\d{2,}-[a-z]+-.+\.yaml$/.test(name)) await rm(join(folder, name));
  }
  for (const { name, text } of files) await writeFile(join(folder, name), text);
  process.stdout.write(`${files.length} manifests of ${stack} are in ${folder}\n`);
  return 0;
}

await runCommand(usage, render);
