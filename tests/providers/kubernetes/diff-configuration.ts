import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import type { DiffResult } from "../support/plugin-provider.ts";
import { isUnknown, type Properties, withoutSecrets } from "../support/wire-values.ts";
import { fieldAt, listAt, stringAt } from "./objects/kube-object.ts";

const clusterKeys = ["kubeconfig", "context", "cluster"] as const;

/**
 * How the provider's own arguments differ: another cluster means that all objects are others, the
 * rest is an update.
 */
export function diffConfiguration(olds: Properties, news: Properties): DiffResult {
  const before = withoutSecrets(olds) as Properties;
  const after = withoutSecrets(news) as Properties;
  const diffs = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => key !== "version" && !isDeepStrictEqual(before[key], after[key]),
  );
  if (diffs.length === 0) return { changes: "none" };
  const identifier = after["clusterIdentifier"];
  const isIdentified = identifier !== undefined && identifier === before["clusterIdentifier"];
  const unknown = clusterKeys.filter((key) => isUnknown(after[key]));
  const replaces = [
    ...(isOtherIdentifier(before, after) ? ["clusterIdentifier"] : []),
    ...(unknown.length > 0 ? unknown : clusterChanges(before, after, diffs)),
  ];
  return { changes: "some", diffs, replaces: isIdentified ? [] : replaces };
}

function isOtherIdentifier(before: Properties, after: Properties): boolean {
  const [one, other] = [before["clusterIdentifier"], after["clusterIdentifier"]];
  return one !== undefined && other !== undefined && one !== other;
}

function clusterChanges(before: Properties, after: Properties, diffs: readonly string[]): string[] {
  if (isDeepStrictEqual(activeCluster(before), activeCluster(after))) return [];
  return clusterKeys.filter((key) => diffs.includes(key));
}

/** The cluster that a kubeconfig and what overrides it lead to; nothing for an ambient one. */
function activeCluster(properties: Properties): unknown {
  const text = properties["kubeconfig"];
  if (typeof text !== "string" || text === "") return {};
  const config: unknown = parse(text);
  const named = (list: string, name: string) =>
    listAt(config, list).find((entry) => stringAt(entry, "name") === name);
  const context = stringAt(properties, "context") || stringAt(config, "current-context");
  const contextCluster = stringAt(named("contexts", context), "context", "cluster");
  const name = stringAt(properties, "cluster") || contextCluster;
  return fieldAt(named("clusters", name), "cluster") ?? {};
}
