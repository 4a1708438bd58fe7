/**
 * The path in the tracker's own artifact store that an address stands for.
 * @param storeUri address of the store, without a slash at its end
 * @returns undefined if it is somewhere else, where the tracker has nothing to free
 */
export function pathInStore(address: string, storeUri: string): string | undefined {
  const path =
    /^mlflow-artifacts:\/(?!\/)(?<path>.+)$/.exec(address)?.groups?.path ??
    (address.startsWith(`${storeUri}/`) ? address.slice(storeUri.length + 1) : undefined);
  const trimmed = path?.replace(/\/+$/, "") ?? "";
  const isSound = trimmed.split("/").every((part) => !["", ".", ".."].includes(part));
  return isSound ? trimmed : undefined;
}

/**
 * The folder that belongs to one run or logged model alone: the one named after it.
 * @returns undefined if no part of the path is its id
 */
export function folderOf(id: string, path: string): string | undefined {
  const parts = path.split("/");
  const place = parts.indexOf(id);
  return place < 0 ? undefined : parts.slice(0, place + 1).join("/");
}

const digestPath = String.raw`(?:models/(?!\.{1,2}/)[^/]+|datasets)/[0-9a-f]{64}`;
const wholePath = new RegExp(`^${digestPath}$`);
const endOfAddress = new RegExp(`/${digestPath}/?$`);

/** Whether a path is that of a package or of a snapshot, which only their digest names. */
export function isNamedByDigest(path: string): boolean {
  return wholePath.test(path);
}

/** Whether an address, in whatever store, ends as that of a package or of a snapshot. */
export function endsInDigest(address: string): boolean {
  return endOfAddress.test(address);
}
