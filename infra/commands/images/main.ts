import { argumentsOf, runCommand, UsageError } from "../support/run-command.ts";
import { noImages, readImages } from "./read-images.ts";
import type { StackImage } from "./stack-images.ts";

const usage = `Usage: npm run images -- <stack> [--json]

Lists the images that a stack runs, by their digests: what was built from this repository, what
updraft:images names, and what is of others.
  --json  as a list of objects`;

await runCommand(usage, async (argv) => {
  const { positionals, values } = argumentsOf(argv, { json: { type: "boolean" } }, usage);
  const [stack, ...more] = positionals;
  if (stack === undefined || more.length > 0) throw new UsageError(usage);
  const images = await readImages(stack);
  if (values.json) process.stdout.write(`${JSON.stringify(images, undefined, 2)}\n`);
  else process.stdout.write(images.length === 0 ? noImages(stack) : images.map(lines).join("\n"));
  return 0;
});

function lines({ name, ref, origin, usedBy }: StackImage): string {
  const users = usedBy.length === 0 ? "trainings" : usedBy.join(", ");
  return `${name}\n  ${ref}\n  ${origin}, for ${users}\n`;
}
