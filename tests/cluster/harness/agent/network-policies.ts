import { networkNames } from "../addresses.ts";
import { restoreRules, savedRules } from "../machine/iptables.ts";
import type { PolicyWorld } from "./network-rules.ts";
import { networkRules } from "./network-rules.ts";

/**
 * Keeps the rules of this machine the same as the network policies of the cluster. What comes from
 * the machine itself, like a kubelet's probes or a call of a node port, passes no policy.
 */
export class NetworkPolicies {
  #applied = "";

  /** Applies the rules if they have changed; gives their number if so. */
  async apply(world: PolicyWorld): Promise<number | undefined> {
    const rules = networkRules(world);
    const text = rules.join("\n");
    if (text === this.#applied) return undefined;
    const stale = staleChains(await savedRules("mangle"), rules);
    await restoreRules("mangle", [
      ...rules,
      ...stale.flatMap((name) => [`-F ${name}`, `-X ${name}`]),
    ]);
    this.#applied = text;
    return rules.filter((line) => line.startsWith("-A")).length;
  }
}

/** Chains of pods that are there, and that the rules have no more. */
export function staleChains(saved: readonly string[], rules: readonly string[]): string[] {
  const wanted = new Set(chainsOf(rules));
  return chainsOf(saved).filter(
    (name) => name.startsWith(networkNames.podChain) && !wanted.has(name),
  );
}

function chainsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^:(\S+) /.exec(line)?.[1] ?? []);
}
