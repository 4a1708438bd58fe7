import type { DiffRequest, DiffResult } from "../support/plugin-provider.ts";
import { withoutSecrets } from "../support/wire-values.ts";
import { detailedDiff, type DetailedDiff } from "./changes/detailed-diff.ts";
import { forceNewPaths, type Mutability } from "./changes/force-new.ts";
import { containsPath, parsePropertyPath } from "./changes/property-path.ts";
import { prune } from "./changes/prune.ts";
import { isAutonamed, isNamed } from "./objects/auto-name.ts";
import { parseCheckpoint } from "./objects/checkpoint.ts";
import { isPatch } from "./objects/kind.ts";
import {
  type KubeObject,
  kindOf,
  nameOf,
  namespaceOf,
  withField,
  withoutField,
} from "./objects/kube-object.ts";
import { normalise } from "./objects/normalise.ts";

interface DiffOptions {
  readonly mutability: Mutability;
  /** Whether objects of the kind are in a namespace. */
  readonly namespaced: boolean;
  /** Whether the object is to be replaced because it did not become ready. */
  readonly isUnready: (news: KubeObject, live: KubeObject) => Promise<boolean>;
}

const identity = [".metadata.name", ".metadata.namespace"];

/**
 * How the new inputs differ from the live object, as far as the old inputs reach: what other hands
 * have added to it is no difference.
 */
export async function diffObjects(request: DiffRequest, options: DiffOptions): Promise<DiffResult> {
  const { urn, olds, ignoreChanges } = request;
  const { inputs, live: oldLive } = parseCheckpoint(olds);
  const oldInputs = normalise(inputs);
  const news = inNamespace(normalise(withoutSecrets(request.news) as KubeObject), options);
  const live = comparable(oldLive, oldInputs, news, options);
  const forceNew = isPatch(urn, kindOf(news)) ? identity : forceNewPaths(news, options.mutability);
  const all = detailedDiff({ live, newInputs: news, oldInputs, forceNew });
  const detailed = withoutIgnored(all, ignoreChanges);
  const replaces = replacesOf(detailed);
  const isUnready = await options.isUnready(news, oldLive);
  if (isUnready) replaces.push('.metadata.annotations["pulumi.com/replaceUnready"]');
  return {
    changes: isUnready || Object.keys(detailed).length > 0 ? "some" : "none",
    replaces,
    deleteBeforeReplace: replaces.length > 0 && hasSameName(news, oldLive),
    detailedDiff: detailed,
  };
}

function comparable(
  oldLive: KubeObject,
  oldInputs: KubeObject,
  news: KubeObject,
  options: DiffOptions,
): KubeObject {
  const pruned = inNamespace(prune(oldLive, oldInputs), options);
  const unversioned = withoutField(pruned, ["metadata", "resourceVersion"]);
  // A program may spell out the name that was made up before.
  return nameOf(news) === ""
    ? unversioned
    : withField(unversioned, ["metadata", "name"], nameOf(oldLive));
}

function inNamespace(object: KubeObject, { namespaced }: DiffOptions): KubeObject {
  if (!namespaced) return withoutField(object, ["metadata", "namespace"]);
  const metadata = object["metadata"];
  const isPresent = typeof metadata === "object" && metadata !== null && "namespace" in metadata;
  return isPresent ? object : withField(object, ["metadata", "namespace"], "default");
}

function withoutIgnored(diff: DetailedDiff, ignoreChanges: readonly string[]): DetailedDiff {
  const ignored = ignoreChanges.map(parsePropertyPath);
  return Object.fromEntries(
    Object.entries(diff).filter(([path]) => {
      const changed = parsePropertyPath(path);
      return !ignored.some((outer) => containsPath(outer, changed));
    }),
  );
}

function replacesOf(diff: DetailedDiff): string[] {
  return Object.entries(diff)
    .filter(
      ([path, { kind }]) => kind.endsWith("-replace") || (kind === "delete" && path === "metadata"),
    )
    .map(([path]) => path);
}

/** Two objects of one name cannot be there at once: the old one has to go first. */
function hasSameName(news: KubeObject, oldLive: KubeObject): boolean {
  return (
    isNamed(news) &&
    !isAutonamed(news) &&
    nameOf(news) === nameOf(oldLive) &&
    namespaceOf(news) === namespaceOf(oldLive)
  );
}
