import { chmod, copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { unpackTar } from "./archive.js";
import { download, fetchText } from "./download.js";
import { Unavailable } from "./errors.js";
import { goBuilder, goModule } from "./go-build.js";
import { ensurePart } from "./parts.js";
import { programVersion } from "./program-version.js";
import { megabytes } from "./progress.js";
import { run } from "./run.js";
import { allOnPath } from "./tools.js";
import { isAtLeast } from "./version.js";
import { firstWay } from "./ways.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./progress.js").Step} Step */

/**
 * The Pulumi CLI with the language host that runs Node programs.
 * @param {Context} context
 * @param {Step} step
 * @returns {Promise<string>} the file of the CLI
 */
export async function pulumiCli(context, step) {
  const { version } = context.pins.pulumi;
  const part = async (/** @type {(folder: string) => Promise<void>} */ build) => {
    const key = `pulumi-${version}-${context.platform}`;
    const folder = await ensurePart(context.cache, key, build, step.update);
    step.done(`${version}, in the cache`);
    return join(folder, "bin", "pulumi");
  };
  return firstWay(
    `The Pulumi CLI ${version}`,
    [
      { name: "Pulumi on PATH", run: () => pulumiOnPath(context, step) },
      {
        name: "the official archive",
        run: () => part((folder) => officialPulumi(context, folder, step)),
      },
      { name: "a build with Go", run: () => part((folder) => builtPulumi(context, folder, step)) },
    ],
    `Install Pulumi ${version} or newer (https://www.pulumi.com/docs/install) and run this again.`,
  );
}

/** @param {Context} context @param {Step} step */
async function pulumiOnPath(context, step) {
  const { version } = context.pins.pulumi;
  const path = context.env["PATH"];
  const reasons = [];
  for (const file of allOnPath("pulumi", path)) {
    const found = await programVersion(context.cache, file, ["version"]);
    const host = "pulumi-language-nodejs";
    if (!isAtLeast(found, version)) reasons.push(`${file} is ${found}, ${version} is needed`);
    else if (!existsSync(join(dirname(file), host)) && allOnPath(host, path).length === 0) {
      reasons.push(`${file} has no ${host} beside it`);
    } else {
      step.done(`${found.replace(/^v/, "")}, ${file}`);
      return file;
    }
  }
  throw new Unavailable(reasons.join("; ") || "there is none");
}

/**
 * Pulumi publishes the checksums with the release, on another host than the one that the archive
 * comes from.
 * @param {Context} context
 * @param {string} folder
 * @param {Step} step
 */
async function officialPulumi(context, folder, step) {
  const { version, archives, checksums, platforms } = context.pins.pulumi;
  if (!platforms.includes(context.platform)) {
    throw new Unavailable(`there is none for ${context.platform}`);
  }
  const name = `pulumi-v${version}-${context.platform}.tar.gz`;
  step.update("asking for checksums");
  const sha256 = checksumOf(name, await fetchText(checksums));
  if (sha256 === undefined) throw new Unavailable(`${checksums} does not name ${name}`);
  const file = join(context.cache, "downloads", name);
  await download(`${archives}/${name}`, file, {
    checksum: { algorithm: "sha256", hex: sha256 },
    onProgress: (received, total) => step.update(`downloading ${megabytes(received, total)}`),
  });
  await unpackTar(file, folder);
  await rename(join(folder, "pulumi"), join(folder, "bin"));
  await rm(file);
}

/**
 * The sha256 of a file in a list as `sha256sum` prints it.
 * @param {string} name
 * @param {string} list
 * @returns {string | undefined}
 */
export function checksumOf(name, list) {
  for (const line of list.split("\n")) {
    const match = /^([0-9a-f]{64})\s+\*?(\S+)$/.exec(line.trim());
    if (match?.[2] === name) return match[1];
  }
  return undefined;
}

/**
 * Builds both programs from their Go modules.
 * @param {Context} context
 * @param {string} folder
 * @param {Step} step
 */
async function builtPulumi(context, folder, step) {
  const { version } = context.pins.pulumi;
  const { go, build } = await goBuilder(context, step);
  const linked = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  const cli = ["-ldflags", linked, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"];
  await build("pulumi", join(folder, "bin", "pulumi"), cli);
  const host = ["github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"];
  await build("pulumi-language-nodejs", join(folder, "libexec", "pulumi-language-nodejs"), host);
  await writeFile(join(folder, "bin", "pulumi-language-nodejs"), languageHostScript, {
    mode: 0o755,
  });
  await copyNodeScripts(context, go, join(folder, "bin"));
}

/**
 * The host is older than the CLI, which no longer tells it on the command line that a project
 * wants its TypeScript run by Node itself.
 */
const languageHostScript = `#!/bin/sh
exec "$(dirname "$(realpath "$0")")/../libexec/pulumi-language-nodejs" -typescript=false "$@"
`;

/**
 * The language host's module also holds the scripts that dynamic providers and policy packs start
 * with.
 * @param {Context} context
 * @param {string} go
 * @param {string} folder
 */
async function copyNodeScripts(context, go, folder) {
  const module = ["list", "-C", goModule(context, "pulumi-language-nodejs"), "-mod=readonly"];
  const source = "github.com/pulumi/pulumi/sdk/v3";
  const sdk = (await run(go, [...module, "-m", "-f", "{{.Dir}}", source])).trim();
  await mkdir(folder, { recursive: true });
  for (const name of ["pulumi-resource-pulumi-nodejs", "pulumi-analyzer-policy"]) {
    await copyFile(join(sdk, "nodejs", "dist", name), join(folder, name));
    await chmod(join(folder, name), 0o755);
  }
}
