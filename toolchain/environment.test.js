import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pins } from "./pins.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ownBackendFolder,
  pathWith,
  preparedEnvironment,
  prepareState,
  usesOwnBackend,
} from "./environment.js";

/** @type {string} */
let folder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "updraft environment #"));
});

afterEach(() => rm(folder, { recursive: true }));

/** @param {NodeJS.ProcessEnv} env */
function context(env) {
  const home = { HOME: folder, PATH: "" };
  const place = { repository: folder, cache: "/cache", platform: "linux-x64" };
  return { ...place, env: { ...home, ...env }, pins };
}

const toolchain = { node: "/cache/node/bin/node", pulumi: "/cache/pulumi/bin/pulumi" };

/** @param {string} name */
async function program(name) {
  const file = join(folder, name);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, "#!/bin/sh\n");
  await chmod(file, 0o755);
  return file;
}

describe("usesOwnBackend", () => {
  it("does if nobody is logged in", () => {
    expect(usesOwnBackend(context({}))).toBe(true);
  });

  it.each([[{ PULUMI_BACKEND_URL: "s3://states" }], [{ PULUMI_ACCESS_TOKEN: "pul-1" }]])(
    "does not with %j",
    (env) => {
      expect(usesOwnBackend(context(env))).toBe(false);
    },
  );

  it("does within its own environment", () => {
    const { PULUMI_BACKEND_URL } = preparedEnvironment(context({}), toolchain);
    expect(usesOwnBackend(context({ PULUMI_BACKEND_URL }))).toBe(true);
    const named = pathToFileURL(ownBackendFolder(context({}))).href;
    expect(usesOwnBackend(context({ PULUMI_BACKEND_URL: named }))).toBe(true);
    expect(usesOwnBackend(context({ PULUMI_BACKEND_URL: `${named}-2` }))).toBe(false);
  });

  it("respects `pulumi login`, in the home folder or in PULUMI_HOME", async () => {
    await mkdir(join(folder, ".pulumi"));
    const credentials = join(folder, ".pulumi", "credentials.json");
    await writeFile(credentials, '{"current": "https://api.pulumi.com"}');
    expect(usesOwnBackend(context({}))).toBe(false);
    expect(usesOwnBackend(context({ PULUMI_HOME: join(folder, ".pulumi"), HOME: "/" }))).toBe(
      false,
    );
    expect(usesOwnBackend(context({ PULUMI_HOME: join(folder, "other") }))).toBe(true);
    await writeFile(credentials, '{"current": ""}');
    expect(usesOwnBackend(context({}))).toBe(true);
  });
});

/** The backend that is used. @param {NodeJS.ProcessEnv} env */
const backend = (env) => preparedEnvironment(context(env), toolchain)["PULUMI_BACKEND_URL"];

describe("preparedEnvironment", () => {
  it("points Pulumi to the backend and the passphrase of the clone", () => {
    expect(preparedEnvironment(context({ KEPT: "1" }), toolchain)).toEqual({
      KEPT: "1",
      HOME: folder,
      PATH: "/cache/node/bin:/cache/pulumi/bin:",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_BACKEND_URL: `${pathToFileURL(ownBackendFolder(context({}))).href}?metadata=skip`,
      PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
      PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, ".updraft", "passphrase"),
    });
  });

  it.each([
    ["file:///states", "file:///states?metadata=skip"],
    ["file://~/states?no_tmp_dir=true", "file://~/states?no_tmp_dir=true&metadata=skip"],
    ["file:///states?metadata=", "file:///states?metadata="],
    ["s3://states?region=eu-west-1", "s3://states?region=eu-west-1"],
  ])("has a backend of files write each as a whole: %s", (url, expected) => {
    expect(backend({ PULUMI_BACKEND_URL: url })).toBe(expected);
  });

  it("does so where `pulumi login` has chosen a backend of files, unless a token counts", async () => {
    await mkdir(join(folder, ".pulumi"));
    const credentials = join(folder, ".pulumi", "credentials.json");
    await writeFile(credentials, '{"current": "file:///states"}');
    expect(backend({})).toBe("file:///states?metadata=skip");
    expect(backend({ PULUMI_ACCESS_TOKEN: "pul-1" })).toBeUndefined();
    await writeFile(credentials, '{"current": "s3://states"}');
    expect(backend({})).toBeUndefined();
  });

  it("leaves a login and a passphrase as they are", () => {
    const own = { PULUMI_BACKEND_URL: "s3://states", PULUMI_CONFIG_PASSPHRASE: "" };
    const env = preparedEnvironment(context(own), toolchain);
    expect(env).toMatchObject(own);
    expect(env).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE_FILE");
    expect(env).not.toHaveProperty("PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER");
  });
});

describe("prepareState", () => {
  it("makes the backend's folder and a passphrase that only its owner can read, once", async () => {
    await prepareState(context({}));
    const file = join(folder, ".updraft", "passphrase");
    const passphrase = await readFile(file, "utf8");
    expect(passphrase).toMatch(/^[\w-]{32}\n$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(ownBackendFolder(context({})))).isDirectory()).toBe(true);
    await prepareState(context({}));
    expect(await readFile(file, "utf8")).toBe(passphrase);
  });
});

describe("pathWith", () => {
  it("leaves PATH alone where it leads to these programs already", async () => {
    const node = await program("bin/node");
    const pulumi = await program("bin/pulumi");
    expect(pathWith(join(folder, "bin"), { node, pulumi })).toBe(join(folder, "bin"));
  });

  it("puts a program's folder before others of the same name", async () => {
    await program("old/node");
    const pulumi = await program("old/pulumi");
    const node = await program("new/node");
    expect(pathWith(join(folder, "old"), { node, pulumi })).toBe(
      `${join(folder, "new")}:${join(folder, "old")}`,
    );
  });
});
