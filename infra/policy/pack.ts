import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./policies.ts";
import { policySettings } from "./policy-config.ts";
import { rules } from "./rules.ts";

// Pulumi takes the pack's version from the package.json of the working directory.
process.chdir(join(import.meta.dirname, ".."));

const settings = [...policySettings(rules)].map(([name, { level, ...properties }]) => [
  name,
  // A rule whose level is left out here would be advisory.
  { enforcementLevel: level, ...properties },
]);

new PolicyPack("updraft", { policies: policiesOf(rules) }, Object.fromEntries(settings));
