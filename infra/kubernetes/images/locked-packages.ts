/** A package as `package-lock.json` lists it, as far as it is looked at. */
export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** `package-lock.json`, version 3: packages by the folder they are installed to. */
export interface LockFile {
  readonly name: string;
  readonly version: string;
  readonly lockfileVersion: number;
  readonly requires: boolean;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** What an image installs. */
export interface InstalledWorkspaces {
  /** Folders of the workspaces. */
  readonly workspaces: readonly string[];
  /** Whether the dependencies of the repository itself come too. */
  readonly withRoot: boolean;
}

/**
 * The lock file without what the given workspaces do not install: no other workspace, no development
 * dependency. A change to anything else leaves it as it is.
 */
export function locked(lock: LockFile, { workspaces, withRoot }: InstalledWorkspaces): LockFile {
  const root = lock.packages[""] ?? {};
  const wanted = new Set<string>();
  for (const folder of workspaces) follow(lock, folder, wanted);
  for (const [folder, { link, resolved = "" }] of Object.entries(lock.packages)) {
    if (link === true && workspaces.includes(resolved)) wanted.add(folder);
  }
  if (withRoot)
    for (const name of Object.keys(root.dependencies ?? {})) add(lock, "", name, wanted);
  const entries = Object.entries(lock.packages)
    .filter(([folder]) => wanted.has(folder))
    .map(([folder, entry]) => [folder, withoutDevelopment(entry)] as const);
  const { devDependencies: _, dependencies, ...own } = root;
  const ownDependencies = withRoot && dependencies !== undefined ? { dependencies } : {};
  return {
    ...lock,
    packages: { "": { ...own, workspaces, ...ownDependencies }, ...Object.fromEntries(entries) },
  };
}

/** A manifest without what only development needs. */
export function withoutDevelopment<T extends object>(manifest: T): T {
  const { devDependencies: _, scripts: __, ...rest } = manifest as Record<string, unknown>;
  return rest as T;
}

/** Takes in a folder of the lock file and all that it depends on. */
function follow(lock: LockFile, folder: string, wanted: Set<string>): void {
  if (wanted.has(folder)) return;
  const entry = lock.packages[folder];
  if (entry === undefined) throw new Error(`package-lock.json has no ${folder}; run npm install`);
  wanted.add(folder);
  if (entry.link === true && entry.resolved !== undefined) follow(lock, entry.resolved, wanted);
  const peers = Object.keys(entry.peerDependencies ?? {}).filter(
    (name) => entry.peerDependenciesMeta?.[name]?.optional !== true,
  );
  const names = [
    ...Object.keys(entry.dependencies ?? {}),
    ...Object.keys(entry.optionalDependencies ?? {}),
    ...peers,
  ];
  for (const name of names) add(lock, folder, name, wanted);
}

/** Finds what a folder gets when it asks for a package, as Node looks for it: from inside out. */
function add(lock: LockFile, from: string, name: string, wanted: Set<string>): void {
  for (let folder = from; ; folder = parentOf(folder)) {
    const found = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (lock.packages[found] !== undefined) return follow(lock, found, wanted);
    // An optional dependency that no platform of the lock file has.
    if (folder === "") return;
  }
}

function parentOf(folder: string): string {
  const at = folder.lastIndexOf("node_modules/");
  return at <= 0 ? "" : folder.slice(0, at - 1);
}
