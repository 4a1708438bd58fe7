import { configOf } from "../support/project.ts";
import { argumentsOf, runCommand, UsageError } from "../support/run-command.ts";
import { defaultWaitSeconds, findingsOf } from "./find-leftovers.ts";
import { takeTagsOff } from "./registry-tags.ts";
import { report } from "./report.ts";
import { secondsIn } from "./seconds.ts";
import { withTrackerSecrets } from "./tracker-secrets.ts";

const usage = `Usage: npm run verify-teardown -- <stack> [--wait 60s] [--take-tags-off]

Lists everything that is left of a stack which has been taken down, and ends with 1 if there is
anything: processes, ports and files of this machine, objects of every kind in its cluster, the
stack in the backend, tags in the registry of a tracker that stays. What the configuration keeps is
named, and is none. A stack without a configuration file is looked for by its name.
  --wait           how long is waited for what is about to go @default ${defaultWaitSeconds}s
  --take-tags-off  first takes the stack's tag off the versions in a registry that stays
  --going          the empty stack in the backend does not count: who asks removes it`;

await runCommand(usage, async (argv) => {
  const options = {
    wait: { type: "string", default: `${defaultWaitSeconds}s` },
    "take-tags-off": { type: "boolean", default: false },
    going: { type: "boolean", default: false },
  } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [stack, ...more] = positionals;
  const waitSeconds = secondsIn(values.wait);
  if (stack === undefined || more.length > 0 || waitSeconds === undefined) {
    throw new UsageError(usage);
  }
  const config = configOf(stack);
  if (values["take-tags-off"] && config?.tracker.uri !== undefined) {
    await tellTagsOff(stack, config.tracker.uri, () =>
      withTrackerSecrets(stack, config).then((plain) => takeTagsOff(stack, plain)),
    );
  }
  const search = { waitSeconds, isBeingTakenDown: values.going };
  const findings = await findingsOf(stack, config, search);
  process.stdout.write(`${report(stack, findings)}\n`);
  return findings.leftovers.length === 0 ? 0 : 1;
});

/** A tracker that cannot be asked is named by the search that follows. */
async function tellTagsOff(
  stack: string,
  uri: string,
  action: () => Promise<readonly string[]>,
): Promise<void> {
  const versions = await action().catch(() => []);
  if (versions.length === 0) return;
  process.stdout.write(
    `The tag of the stack ${stack} is off ${versions.join(", ")} in the registry at ${uri}.\n`,
  );
}
