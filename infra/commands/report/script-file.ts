import { z } from "zod";
import { CommandError } from "../support/run-command.ts";

const Manifest = z.object({ scripts: z.record(z.string(), z.string()) });

/**
 * The file of a command of this repository, as a script of its `package.json` starts it.
 * @param manifest content of `package.json`
 * @throws {CommandError} if there is no such script, or it is none of the platform's commands
 */
export function scriptFile(manifest: string, name: string): string {
  const { scripts } = Manifest.parse(JSON.parse(manifest));
  const file = fileOf(scripts[name]);
  if (file !== undefined) return file;
  const known = Object.keys(scripts).filter((script) => fileOf(scripts[script]) !== undefined);
  throw new CommandError(
    `${name} is no command that can be reported; there are ${known.toSorted().join(", ")}`,
  );
}

function fileOf(script: string | undefined): string | undefined {
  return /^node toolchain\/main\.js node (\S+)$/.exec(script ?? "")?.[1];
}
