import { execFile } from "node:child_process";
import { mkdir, mkdtemp, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { testCluster } from "../../cluster/harness/test-cluster.ts";
import type { Engine } from "../support/engine.ts";
import type { PluginProvider } from "../support/plugin-provider.ts";
import { type Properties, secretOf } from "../support/wire-values.ts";
import { createDockerProvider } from "./docker-provider.ts";

const urn = "urn:pulumi:dev::updraft::updraft:platform:Images$docker:index/image:Image::image";

/** An engine that keeps what it is told. */
function listeningEngine() {
  const lines: string[] = [];
  const engine: Engine = {
    log: (severity, _urn, message) => void lines.push(`${severity}: ${message}`),
    status: (_severity, _urn, message) => void lines.push(message),
  };
  return { engine, lines };
}

async function contextWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "docker-context-"));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

async function check(provider: PluginProvider, news: Properties): Promise<Properties> {
  const request = { urn, olds: {}, news, randomSeed: new Uint8Array(), autonaming: undefined };
  return (await provider.check(request)).inputs;
}

function create(provider: PluginProvider, properties: Properties, preview = false) {
  return provider.create({ urn, properties, timeoutSeconds: 0, preview });
}

function diff(provider: PluginProvider, olds: Properties, news: Properties) {
  return provider.diff({ id: "", urn, olds, oldInputs: {}, news, ignoreChanges: [] });
}

const dockerfile = "ARG BASE\nFROM ${BASE}\nCOPY hello.txt /hello.txt\nCMD cat /hello.txt\n";

describe("Image", () => {
  const { engine, lines } = listeningEngine();
  const provider = createDockerProvider(engine);
  let inputs: (more?: object) => Promise<Properties>;
  let registry: string;

  beforeAll(async () => {
    const cluster = await testCluster();
    process.env["DOCKER_HOST"] = cluster.dockerHost;
    registry = cluster.registry;
    await provider.configure?.({});
    inputs = async (more = {}) => {
      const context = await contextWith({ Dockerfile: dockerfile, "hello.txt": "hello" });
      const build = { context, dockerfile: join(context, "Dockerfile"), network: "host" };
      return {
        imageName: `${registry}/tests/hello:1`,
        build: { ...build, args: { BASE: cluster.images.node } },
        ...more,
      };
    };
  });

  it("builds, pushes and names the image by its digest", async () => {
    const checked = await check(provider, await inputs());
    const { id, properties } = await create(provider, checked);
    expect(id).toBe(`${registry}/tests/hello:1`);
    expect(properties).toMatchObject({
      baseImageName: id,
      imageName: id,
      dockerfile: "Dockerfile",
      registryServer: registry,
    });
    const [repository, digest] = String(properties["repoDigest"]).split("@");
    expect(repository).toBe(`${registry}/tests/hello`);
    const manifest = await fetch(`http://${registry}/v2/tests/hello/manifests/${digest}`, {
      headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
    });
    expect(manifest.headers.get("docker-content-digest")).toBe(digest);
    expect(lines).toContain("Building the image");
    expect(lines).toContain("Pushing Image to the registry");
  });

  it("sees another content and another input, and neither another time nor another password", async () => {
    const first = await inputs({ registry: { server: registry, username: "a", password: "b" } });
    const { properties } = await create(provider, await check(provider, first));
    const { context } = first["build"] as { context: string };
    await utimes(join(context, "hello.txt"), 1, 1);
    const password = { server: registry, username: "a", password: secretOf("c") };
    const later = await check(provider, { ...first, registry: password });
    expect(await diff(provider, properties, later)).toEqual({ changes: "none" });
    await writeFile(join(context, "hello.txt"), "bye");
    expect(await diff(provider, properties, await check(provider, first))).toMatchObject({
      changes: "some",
      detailedDiff: { build: { kind: "update" } },
    });
    const renamed = { ...later, imageName: `${registry}/tests/hello:2` };
    expect(await diff(provider, properties, renamed)).toMatchObject({ diffs: ["imageName"] });
  });

  it("gives an updated content another digest, the same content the same", async () => {
    const first = await inputs();
    const made = await create(provider, await check(provider, first));
    const request = { id: made.id, urn, olds: made.properties, timeoutSeconds: 0 };
    const update = async () =>
      provider.update({
        ...request,
        news: await check(provider, first),
        preview: false,
        ignoreChanges: [],
      });
    expect((await update())["repoDigest"]).toBe(made.properties["repoDigest"]);
    const { context } = first["build"] as { context: string };
    await writeFile(join(context, "hello.txt"), "bye");
    expect((await update())["repoDigest"]).not.toBe(made.properties["repoDigest"]);
  });

  it("builds nothing in a preview unless asked to, and then pushes nothing", async () => {
    const missing = `${registry}/tests/preview:1`;
    const checked = await check(provider, await inputs({ imageName: missing }));
    const { id, properties } = await create(provider, checked, true);
    expect(id).toBe("");
    expect(properties).not.toHaveProperty("repoDigest");
    const asked = await inputs({ imageName: missing, buildOnPreview: true });
    const built = await create(provider, await check(provider, asked), true);
    expect(built.properties["repoDigest"]).toMatch(/^sha256:/);
    const pushed = await fetch(`http://${registry}/v2/tests/preview/tags/list`);
    expect(pushed.status).toBe(404);
  });

  it("builds only what the target needs", async () => {
    const context = await contextWith({
      Dockerfile: `${dockerfile.replace("FROM ${BASE}", "FROM ${BASE} AS small")}\nFROM small AS big\nRUN exit 3\n`,
      "hello.txt": "hello",
    });
    const { build } = (await inputs()) as { build: object };
    const target = { context, dockerfile: join(context, "Dockerfile"), target: "small" };
    const checked = await check(provider, {
      imageName: `${registry}/tests/target:1`,
      build: { ...build, ...target },
    });
    expect((await create(provider, checked)).properties["repoDigest"]).toContain("@sha256:");
  });

  it("says what failed, and never a password", async () => {
    const context = await contextWith({ Dockerfile: dockerfile.replace("hello.txt", "gone.txt") });
    const { build } = (await inputs()) as { build: object };
    const checked = await check(provider, {
      imageName: `${registry}/tests/broken:1`,
      registry: { server: registry, username: "me", password: "swordfish" },
      build: { ...build, context, dockerfile: join(context, "Dockerfile") },
    });
    const failure = create(provider, checked).catch((error: Error) => error.message);
    expect(await failure).toMatch(/^docker build failed:[^]*gone\.txt/);
    expect(await failure).not.toContain("swordfish");
  });

  it("leaves no credentials in the image's history", async () => {
    const withPassword = { server: registry, username: "me", password: "swordfish" };
    const checked = await check(provider, await inputs({ registry: withPassword }));
    const { id } = await create(provider, checked);
    const history = await promisify(execFile)("docker", ["history", "--no-trunc", id]);
    expect(history.stdout).not.toContain("swordfish");
  });
});

describe("before anything is built", () => {
  const provider = createDockerProvider(listeningEngine().engine);

  it("says where a Dockerfile is looked for, and where there is one", async () => {
    const context = await contextWith({ Dockerfile: dockerfile });
    const build = { context, dockerfile: "Dockerfile.elsewhere" };
    await expect(check(provider, { imageName: "localhost:1/a:1", build })).rejects.toThrow(
      'could not open dockerfile at relative path "Dockerfile.elsewhere".',
    );
  });

  it("wants names with their registry", async () => {
    const context = await contextWith({ Dockerfile: dockerfile });
    const build = { context, dockerfile: join(context, "Dockerfile") };
    await expect(check(provider, { imageName: "updraft/server", build })).rejects.toThrow(
      '"updraft/server": this provider requires all image names to be fully qualified',
    );
  });

  it("says which daemon does not answer", async () => {
    const variables = { "docker:config:host": "unix:///nowhere/docker.sock" };
    await expect(provider.configure?.(variables)).rejects.toThrow(
      "failed to connect to the docker daemon at unix:///nowhere/docker.sock",
    );
  });
});
