import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { checkout } from "../../checkout.ts";
import { ConfigError } from "../../config/config-error.ts";
import { stackValues, type StackValues } from "./stack-file.ts";

/**
 * The configuration of a stack as its file has it.
 * @param path of the file, from the folder of the repository. @default Pulumi.<stack>.yaml
 * @throws {ConfigError} if there is no such file, or it is none of a stack
 */
export async function readStack(
  stack: string,
  path = `Pulumi.${stack}.yaml`,
): Promise<StackValues & { readonly file: string }> {
  const file = resolve(checkout, path);
  if (existsSync(file)) return { file, ...stackValues(await readFile(file, "utf8"), file) };
  const found = (await readdir(checkout)).flatMap(
    (name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [],
  );
  throw new ConfigError([
    `there is no ${file} for the stack ${stack}; known here: ${found.toSorted().join(", ")}`,
  ]);
}
