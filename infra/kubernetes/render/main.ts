import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "@updraft/contracts/message-of";
import * as pulumi from "@pulumi/pulumi";
import { checkout } from "../../checkout.ts";
import { ConfigError } from "../../config/config-error.ts";
import { manifestFiles } from "./manifest-files.ts";
import { recordProgram } from "./record-program.ts";
import { stackValues } from "./stack-file.ts";

const usage = `Usage: npm run render -- <stack> [--out <folder>] [--config-file <file>]

Writes the manifests that an update of a stack would apply, a file for each, without a cluster.
  --out          where to; manifests of an earlier run there are replaced. Default: .updraft/render/<stack>
  --config-file  the stack's configuration. Default: Pulumi.<stack>.yaml`;

/** Writes the manifests of the stack that the arguments name. */
async function render(argv: string[]): Promise<void> {
  const { stack, values } = argumentsOf(argv);
  const file = resolve(checkout, values["config-file"] ?? `Pulumi.${stack}.yaml`);
  const config = stackValues(await textOf(file, stack), file);
  if (config.values["updraft:target"] !== "kubernetes") {
    throw new ConfigError([
      `${file}: the stack ${stack} is processes on this machine, which have no manifests; set updraft:target: kubernetes`,
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
}

function argumentsOf(argv: string[]) {
  const options = { out: { type: "string" }, "config-file": { type: "string" } } as const;
  try {
    const { positionals, values } = parseArgs({ args: argv, options, allowPositionals: true });
    const [stack, ...more] = positionals;
    if (stack !== undefined && more.length === 0) return { stack, values };
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\n\n${usage}`);
  }
  throw new UsageError(usage);
}

/** The arguments are none that can be used. */
class UsageError extends Error {}

async function textOf(file: string, stack: string): Promise<string> {
  if (existsSync(file)) return readFile(file, "utf8");
  const found = (await readdir(checkout)).flatMap(
    (name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [],
  );
  throw new ConfigError([
    `there is no ${file} for the stack ${stack}; known here: ${found.toSorted().join(", ")}`,
  ]);
}

/** What the user can put right comes without a stack trace. */
function fail(error: unknown): never {
  const isExpected =
    error instanceof ConfigError || error instanceof UsageError || error instanceof pulumi.RunError;
  const text = error instanceof Error && !isExpected ? error.stack : undefined;
  process.stderr.write(`${text ?? messageOf(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

process.on("unhandledRejection", fail);
try {
  await render(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  fail(error);
}
