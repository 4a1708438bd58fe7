import { argumentsOf, runCommand, UsageError } from "../support/run-command.ts";
import { down } from "./down.ts";
import { list } from "./list.ts";
import { defaultTtl, parseTtl } from "./ttl.ts";
import { up } from "./up.ts";

const usage = `Usage: npm run ephemeral -- up <stack> [--ttl ${defaultTtl}] [--pull-request <number>] [--template <file>]
       npm run ephemeral -- down <stack>
       npm run ephemeral -- list

Stacks that do not last: for a pull request, for a try. npm run sweep takes down what has expired.
  up    makes the stack from a template, with ports or a namespace and data of its own, brings it up
        and tries it from outside; of a stack that is there it renews the time to live, and takes
        up what was interrupted
  down  destroys the stack, looks whether something is left, and removes it with its configuration
  list  names the stacks and when they go
  --ttl           how long from now on: 30m, 4h, 2d. Default: ${defaultTtl}, or what is left if that is more
  --pull-request  whose end is the stack's
  --template      the stack's configuration is made from it once. Default: Pulumi.preview.yaml`;

await runCommand(usage, async (argv) => {
  const options = {
    ttl: { type: "string" },
    "pull-request": { type: "string" },
    template: { type: "string" },
  } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [verb, name, ...more] = positionals;
  if (more.length > 0) throw new UsageError(usage);
  if (verb === "list" && name === undefined) return list();
  if (name === undefined) throw new UsageError(usage);
  if (verb === "down") return down(name);
  if (verb !== "up") throw new UsageError(usage);
  return up(name, {
    ttl: values.ttl === undefined ? undefined : parseTtl(values.ttl),
    pullRequest: pullRequestOf(values["pull-request"]),
    template: values.template ?? "Pulumi.preview.yaml",
    repository: process.env["GITHUB_REPOSITORY"] || undefined,
  });
});

function pullRequestOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(
    `--pull-request ${text} is no number of a pull request; expected one such as 12`,
  );
}
