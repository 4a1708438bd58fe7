import { encodePath } from "@updraft/contracts/encode-path";
import type { DataFolder } from "./data-folder.ts";
import { downloadBytes, type DownloadOptions } from "./download.ts";
import { readWebFile, webFileStamp } from "./web-file.ts";

/**
 * A folder on the web. Files whose checksum is known are taken from the cache without a request.
 * @param address of the folder, or of the only file
 * @param isFile whether it is the address of a file
 */
export function createWebFolder(
  address: string,
  isFile: boolean,
  options: DownloadOptions,
): DataFolder {
  const urlOf = (path: string) => (isFile ? address : below(address, path));
  return {
    originOf: urlOf,
    async read(path, sum) {
      const url = urlOf(path);
      if (sum === undefined) return readWebFile(url, options);
      const file = { name: path, sha256: sum, urls: [url] };
      return (await downloadBytes(file, options)).content;
    },
    stamp: (path) => webFileStamp(urlOf(path), options),
    // A web server has no list of its files that every one would write alike.
    list: async () => undefined,
  };
}

/** A path below a folder; what follows a question mark goes with every file. */
function below(folder: string, path: string): string {
  const url = new URL(folder);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${encodePath(path)}`;
  return url.href;
}
