import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { removeStaleLocks } from "./stale-locks.js";
import { allOnPath } from "./tools.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./setup.js").Toolchain} Toolchain */

/** @param {Context} context */
export function stateFolder(context) {
  return join(context.repository, ".updraft");
}

/** The file backend that is used when nobody is logged in. @param {Context} context */
export function ownBackendFolder(context) {
  return join(stateFolder(context), "pulumi");
}

/**
 * Whether state goes to the file backend of this clone, because nobody is logged in elsewhere.
 * @param {Context} context
 */
export function usesOwnBackend(context) {
  const { env } = context;
  if (bareUrl(env["PULUMI_BACKEND_URL"] ?? "") === ownBackendUrl(context)) return true;
  return !env["PULUMI_BACKEND_URL"] && !env["PULUMI_ACCESS_TOKEN"] && !currentLogin(env);
}

/**
 * The environment that Pulumi and the programs run in.
 * @param {Context} context
 * @param {Toolchain} toolchain
 * @returns {NodeJS.ProcessEnv}
 */
export function preparedEnvironment(context, toolchain) {
  const { env } = context;
  const path = pathWith(env["PATH"] ?? "", toolchain);
  const prepared = { ...env, PATH: path, PULUMI_SKIP_UPDATE_CHECK: "true" };
  if (!usesOwnBackend(context)) return withPassphrase(context, withWholeFiles(prepared));
  return withPassphrase(context, {
    ...prepared,
    PULUMI_BACKEND_URL: wholeFiles(ownBackendUrl(context)),
    // The salt of the passphrase is in the state, so that it need not be in Pulumi.<stack>.yaml.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
  });
}

/**
 * Makes the folders and the passphrase that {@link preparedEnvironment} names, and takes off the
 * locks that killed commands have left there.
 * @param {Context} context
 */
export async function prepareState(context) {
  await mkdir(stateFolder(context), { recursive: true });
  if (usesOwnBackend(context)) {
    await mkdir(ownBackendFolder(context), { recursive: true });
    removeStaleLocks(ownBackendFolder(context));
  }
  if (hasPassphrase(context.env)) return;
  const file = passphraseFile(context);
  if (existsSync(file)) return;
  const passphrase = `${randomBytes(24).toString("base64url")}\n`;
  try {
    await writeFile(file, passphrase, { mode: 0o600, flag: "wx" });
  } catch (error) {
    // Another command made it in this moment; its passphrase counts.
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** @param {Context} context @param {NodeJS.ProcessEnv} env */
function withPassphrase(context, env) {
  if (hasPassphrase(env)) return env;
  return { ...env, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(context) };
}

/** An empty passphrase is one too. @param {NodeJS.ProcessEnv} env */
function hasPassphrase(env) {
  return (
    env["PULUMI_CONFIG_PASSPHRASE"] !== undefined || Boolean(env["PULUMI_CONFIG_PASSPHRASE_FILE"])
  );
}

/** @param {Context} context */
function passphraseFile(context) {
  return join(stateFolder(context), "passphrase");
}

/** @param {Context} context */
function ownBackendUrl(context) {
  return pathToFileURL(ownBackendFolder(context)).href;
}

/** A backend of files that somebody has named or logged in to. @param {NodeJS.ProcessEnv} env */
function withWholeFiles(env) {
  const url = env["PULUMI_BACKEND_URL"] || (env["PULUMI_ACCESS_TOKEN"] ? "" : currentLogin(env));
  return url?.startsWith("file:") ? { ...env, PULUMI_BACKEND_URL: wholeFiles(url) } : env;
}

/**
 * The address of a backend of files with which Pulumi reads and writes each file as a whole. By
 * itself it keeps a second file beside each, which is empty for a moment with every write, and all
 * that reads the backend in that moment fails with nothing but `EOF`, `pulumi stack ls` included.
 * Source: gocloud.dev/blob/fileblob, `metadata`.
 * @param {string} url
 */
function wholeFiles(url) {
  if (/[?&]metadata=/.test(url)) return url;
  return `${url}${url.includes("?") ? "&" : "?"}metadata=skip`;
}

/** An address without its options. @param {string} url */
function bareUrl(url) {
  return url.replace(/\?.*$/, "");
}

/**
 * The backend that `pulumi login` has chosen.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
function currentLogin(env) {
  const home = env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi");
  try {
    return JSON.parse(readFileSync(join(home, "credentials.json"), "utf8")).current || undefined;
  } catch {
    return undefined;
  }
}

/**
 * PATH on which the given programs are found; folders are put in front only where needed,
 * since they may hold other programs as well.
 * @param {string} path
 * @param {Toolchain} toolchain
 */
export function pathWith(path, toolchain) {
  let result = path;
  for (const [program, file] of Object.entries({
    minio: toolchain.minio,
    pulumi: toolchain.pulumi,
    node: toolchain.node,
  })) {
    if (file === undefined) continue;
    const [first] = allOnPath(program, result);
    if (first !== file) result = [dirname(file), result].join(delimiter);
  }
  return result;
}
