import { existsSync } from "node:fs";
import { run } from "../../../../toolchain/run.js";
import { addresses, networkNames, nodes } from "../addresses.ts";
import { removeRules, restoreRules, savedRules } from "./iptables.ts";
import type { Table } from "./iptables.ts";

const { nodeBridge, podBridge, chain, policyChain } = networkNames;

/** Makes the bridges of nodes and pods, and the rules that everything else builds on. */
export async function makeNetwork(): Promise<void> {
  const nodeAddresses = nodes.map(({ address }) => `${address}${prefix(addresses.nodes)}`);
  await bridge(nodeBridge, nodeAddresses);
  await bridge(podBridge, [`${addresses.podGateway}${prefix(addresses.pods)}`]);
  // What goes to a service that does not exist must not leave this machine.
  await ip("route", "replace", addresses.services, "dev", podBridge, "src", addresses.podGateway);
  await baseRules();
}

/** Removes the bridges, and with them their routes, and all rules. */
export async function removeNetwork(): Promise<void> {
  for (const name of [podBridge, nodeBridge]) if (exists(name)) await ip("link", "del", name);
  await removeRules();
}

async function bridge(name: string, own: readonly string[]): Promise<void> {
  if (!exists(name)) await ip("link", "add", name, "type", "bridge");
  for (const address of own) await ip("addr", "replace", address, "dev", name);
  await ip("link", "set", name, "up");
}

/**
 * Pods reach each other, services and this machine; nothing else. Where a firewall forwards nothing
 * unless it is told to, the first rule tells it.
 */
async function baseRules(): Promise<void> {
  await ownChain("filter", chain, ["FORWARD"], "", [
    `-A ${chain} -i ${podBridge} -o ${podBridge} -j ACCEPT`,
    `-A ${chain} -i ${podBridge} -j REJECT`,
  ]);
  // Network policies: before the filter, and after kube-proxy has put a pod in a service's place.
  await ownChain("mangle", policyChain, ["FORWARD", "INPUT"], `-i ${podBridge} `, []);
}

async function ownChain(
  table: Table,
  name: string,
  from: readonly string[],
  match: string,
  rules: readonly string[],
): Promise<void> {
  const saved = await savedRules(table);
  const jumps = from
    .map((kernelChain) => `-A ${kernelChain} ${match}-j ${name}`)
    .filter((jump) => !saved.includes(jump));
  await restoreRules(table, [`:${name} - [0:0]`, ...rules, ...jumps]);
}

function prefix(range: string): string {
  return range.slice(range.indexOf("/"));
}

function exists(name: string): boolean {
  return existsSync(`/sys/class/net/${name}`);
}

async function ip(...args: string[]): Promise<void> {
  await run("ip", args);
}
