import { readFile, writeFile } from "node:fs/promises";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { actor } from "../support/actor.ts";
import { configFileOf, existingStack, openWorkspace } from "../support/project.ts";
import { argumentsOf, CommandError, runCommand, UsageError } from "../support/run-command.ts";
import { update } from "../support/update.ts";
import { pinOf, reasonOf } from "./pin.ts";

const usage = `Usage: npm run rollback -- <stack> [version or digest] [--reason <text>]
       npm run rollback -- <stack> --unpin

Lets a version serve again that has served before, without training: it is pinned in the stack's
configuration (updraft:inference.pin), and an update moves the alias and rolls the server out.
Without a version it is the one that served before.
  --reason  why; kept in the history of the alias, with your name
  --unpin   takes the pin away, and an update goes on as before: it trains, or promotes`;

const keys = { pin: "updraft:inference.pin", reason: "updraft:inference.pinReason" } as const;

await runCommand(usage, async (argv) => {
  const options = { reason: { type: "string" }, unpin: { type: "boolean" } } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [name, version, ...more] = positionals;
  const hasTooMuch = more.length > 0 || (values.unpin && (version ?? values.reason) !== undefined);
  if (name === undefined || hasTooMuch) throw new UsageError(usage);
  const stack = await existingStack(await openWorkspace(), name);
  if (values.unpin) return unpin(stack);
  const reason = reasonOf(values.reason, await actor());
  return rollBack(stack, pinOf(version, name, (await stack.outputs())["release"]?.value), reason);
});

async function rollBack(stack: Stack, pin: string, reason: string): Promise<number> {
  const started = performance.now();
  await changingConfig(stack, async () => {
    await stack.setAllConfig(
      { [keys.pin]: { value: pin }, [keys.reason]: { value: reason } },
      true,
    );
    await update(stack, `roll back to ${pin}: ${reason}`);
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { model } = await stack.outputs();
  process.stdout.write(
    `\n${stack.name} serves ${model?.value.name} version ${model?.value.version} (${model?.value.digest}) after ${seconds} s.\n` +
      `It stays until it is unpinned: npm run rollback -- ${stack.name} --unpin\n`,
  );
  return 0;
}

async function unpin(stack: Stack): Promise<number> {
  const pinned = (await stack.getAllConfig())["updraft:inference"]?.value ?? "{}";
  if (!("pin" in JSON.parse(pinned))) {
    throw new CommandError(`${stack.name} is not pinned (${keys.pin}): nothing to take away`);
  }
  await changingConfig(stack, async () => {
    await stack.removeAllConfig([keys.pin, keys.reason], true);
    await update(stack, "unpin");
  });
  return 0;
}

/** A configuration that could not be brought about is put back as it was. */
async function changingConfig({ name }: Stack, change: () => Promise<void>): Promise<void> {
  const file = configFileOf(name);
  const before = await readFile(file, "utf8");
  try {
    await change();
  } catch (error) {
    await writeFile(file, before);
    process.stderr.write(`${file} is as it was before.\n`);
    throw error;
  }
}
