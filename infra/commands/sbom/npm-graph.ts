import { isRead } from "../../../toolchain/prune-modules.js";
import type { LockedPackage, LockFile } from "../../kubernetes/images/locked-packages.ts";
import { type Component, npmComponent } from "./components.ts";

/** A package with what a lock file says of it beyond what an image's build looks at. */
interface Package extends LockedPackage {
  readonly name?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/** npm's packages of an image. */
export interface NpmGraph {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  /** References of our own workspaces. */
  readonly roots: readonly string[];
}

/**
 * The packages that `npm ci` installs on Linux of a lock file, without those that the build takes
 * out again, and what depends on what. A package that lies in several folders is one component.
 */
export function npmGraph(lock: LockFile): NpmGraph {
  const packages: Readonly<Record<string, Package>> = lock.packages;
  const folders = Object.keys(packages).filter(
    (folder) => folder !== "" && !packages[folder]?.link && isInImage(folder, packages[folder]),
  );
  const found = new Map<string, { readonly component: Component; readonly needs: Set<string> }>();
  for (const folder of folders) {
    const component = componentOf(folder, packages[folder] ?? {});
    const entry = found.get(component["bom-ref"]) ?? { component, needs: new Set<string>() };
    found.set(component["bom-ref"], entry);
    for (const name of namesOf(packages[folder] ?? {})) {
      const target = folderOf(packages, folder, name);
      if (target === undefined || !isInImage(target, packages[target])) continue;
      entry.needs.add(componentOf(target, packages[target] ?? {})["bom-ref"]);
    }
  }
  const sorted = [...found.values()].toSorted((a, b) =>
    a.component["bom-ref"] < b.component["bom-ref"] ? -1 : 1,
  );
  return {
    components: sorted.map(({ component }) => component),
    dependencies: sorted.map(({ component, needs }) => ({
      ref: component["bom-ref"],
      dependsOn: [...needs].toSorted(),
    })),
    roots: folders
      .filter((folder) => !folder.includes("node_modules/"))
      .map((folder) => componentOf(folder, packages[folder] ?? {})["bom-ref"]),
  };
}

/** Whether npm installs a package on the nodes, and the build leaves it there. */
function isInImage(folder: string, { os, cpu, libc }: Package = {}): boolean {
  if (!wanted(os, "linux") || !wanted(cpu, "x64") || !wanted(libc, "glibc")) return false;
  return (
    !folder.startsWith("node_modules/") ||
    isRead(`${folder.slice("node_modules/".length)}/package.json`)
  );
}

/** Whether a list such as `["linux"]` or `["!win32"]` lets a platform in. */
function wanted(list: readonly string[] | undefined, name: string): boolean {
  if (list === undefined) return true;
  const refuses = list.every((entry) => entry.startsWith("!"));
  return refuses ? !list.includes(`!${name}`) : list.includes(name);
}

function componentOf(
  folder: string,
  { name, version = "", integrity, license }: Package,
): Component {
  const own = name ?? folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
  return npmComponent(own, version, {
    ...(integrity === undefined ? {} : { integrity }),
    ...(license === undefined ? {} : { license }),
  });
}

function namesOf({ dependencies, optionalDependencies, peerDependencies }: Package): string[] {
  const all = { ...dependencies, ...optionalDependencies, ...peerDependencies };
  return Object.keys(all);
}

/** The folder that a package finds another in, as Node looks for it: from inside out. */
function folderOf(
  packages: Readonly<Record<string, Package>>,
  from: string,
  name: string,
): string | undefined {
  for (let folder = from; ; folder = parentOf(folder)) {
    const candidate = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const found = packages[candidate];
    if (found !== undefined) return found.link === true ? found.resolved : candidate;
    if (folder === "") return undefined;
  }
}

function parentOf(folder: string): string {
  const at = folder.lastIndexOf("node_modules/");
  return at <= 0 ? "" : folder.slice(0, at - 1);
}
