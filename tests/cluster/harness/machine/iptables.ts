import { spawn } from "node:child_process";
import { run } from "../../../../toolchain/run.js";
import { networkNames } from "../addresses.ts";
import { ClusterError } from "../report.ts";

/** The tables that rules of the cluster are in. */
export type Table = "filter" | "nat" | "mangle";

/** The commands of either protocol. */
export type Protocol = "iptables" | "ip6tables";

/** Waits for whoever has the rules locked, like kube-proxy, which writes them often. */
const wait = ["-w", "10"];

/** The rules of a table as `iptables-save` prints them; none where there is no such table. */
export async function savedRules(table: Table, protocol: Protocol = "iptables"): Promise<string[]> {
  const text = await run(`${protocol}-save`, ["-t", table]).catch(() => "");
  return text.split("\n");
}

/** Applies lines of `iptables-restore` to a table, all of them or none; other chains stay. */
export async function restoreRules(
  table: Table,
  lines: readonly string[],
  protocol: Protocol = "iptables",
): Promise<void> {
  const text = [`*${table}`, ...lines, "COMMIT", ""].join("\n");
  const child = spawn(`${protocol}-restore`, [...wait, "--noflush"], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  child.stdin.on("error", () => {});
  child.stdin.end(text);
  let problem = "";
  child.stderr.setEncoding("utf8").on("data", (data: string) => (problem += data));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new ClusterError(`${protocol}-restore refused rules: ${problem.trim()}\n${text}`);
}

/** Chains that kube-proxy, kubelet and this cluster make. */
const ownChain = new RegExp(
  `^(KUBE-.*|${networkNames.chain}|${networkNames.policyChain}|${networkNames.podChain}.*)$`,
);

/**
 * What takes the cluster's rules out of a table: the jumps from the kernel's chains, then the
 * chains, emptied first since they refer to each other. `kube-proxy --cleanup` leaves some.
 * @param saved the table as `iptables-save` prints it
 */
export function removal(saved: readonly string[]): string[] {
  const jumps = saved.flatMap((line) => {
    const [, rule, chain = "", target = ""] = /^-A ((\S+) .*-j (\S+).*)$/.exec(line) ?? [];
    return rule !== undefined && ownChain.test(target) && !ownChain.test(chain)
      ? [`-D ${rule}`]
      : [];
  });
  const chains = saved.flatMap((line) => {
    const name = /^:(\S+) /.exec(line)?.[1];
    return name !== undefined && ownChain.test(name) ? [name] : [];
  });
  return [...jumps, ...chains.map((name) => `-F ${name}`), ...chains.map((name) => `-X ${name}`)];
}

/** Whether kube-proxy of some cluster has rules here. */
export function hasKubernetesRules(saved: readonly string[]): boolean {
  return saved.some((line) => line.startsWith(":KUBE-SERVICES "));
}

/** Takes every rule of the cluster out again. */
export async function removeRules(): Promise<void> {
  for (const protocol of ["iptables", "ip6tables"] as const) {
    for (const table of ["filter", "nat", "mangle"] as const) {
      const lines = removal(await savedRules(table, protocol));
      if (lines.length > 0) await restoreRules(table, lines, protocol);
    }
  }
}
