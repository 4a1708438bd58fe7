import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOfFiles, sha256 } from "@updraft/contracts/digest";
import { DataError, type DatasetFile, type DatasetSource } from "./dataset.ts";

/**
 * A dataset that lies in a folder of this repository.
 * @param folder absolute, usually the model's own: `import.meta.dirname`
 * @param names of the files, as the model's format wants them
 */
export function bundledFiles(
  folder: string,
  names: readonly string[],
  description: string,
): DatasetSource {
  const read = (): Promise<DatasetFile[]> =>
    Promise.all(
      names.map(async (name) => {
        const origin = join(folder, name);
        const content = await readFile(origin).catch((error: unknown) => {
          throw new DataError(origin, undefined, "it cannot be read", { cause: error });
        });
        return { name, content, origin };
      }),
    );
  return {
    description,
    remote: false,
    read,
    async fingerprint() {
      const files = await read();
      return digestOfFiles(
        files.map(({ name, content }) => ({ path: name, sha256: sha256(content) })),
      );
    },
  };
}
