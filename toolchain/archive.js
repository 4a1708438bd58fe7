import { findTool } from "./tools.js";
import { run } from "./run.js";

/**
 * Unpacks a `.tar.gz`.
 * @param {string} file
 * @param {string} folder that is there
 * @param {{ strip?: number }} [options] how many leading folders of each path are left out
 */
export async function unpackTar(file, folder, options = {}) {
  const tar = findTool("tar", process.env);
  await run(tar, ["-xzf", file, "-C", folder, `--strip-components=${options.strip ?? 0}`]);
}

/** Members of a zip that begin with one of the prefixes, each below the folder. */
const unzipProgram = `
import sys, zipfile
archive, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(archive) as zipped:
    for name in zipped.namelist():
        if name.startswith(tuple(prefixes)):
            zipped.extract(name, folder)
`;

/**
 * Unpacks a part of a zip, such as a Python wheel, member by member: memory stays small whatever
 * their sizes.
 * @param {string} file
 * @param {string} folder
 * @param {readonly string[]} prefixes of the members that are wanted
 */
export async function unpackZip(file, folder, prefixes) {
  const python = findTool("python3", process.env);
  await run(python, ["-c", unzipProgram, file, folder, ...prefixes]);
}
