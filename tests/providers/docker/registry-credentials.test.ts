import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "@updraft/contracts/free-port";
import { expect, it, onTestFinished } from "vitest";
import { testCluster } from "../../cluster/harness/test-cluster.ts";
import { bcryptHash } from "../random/random-text.ts";
import { type Properties, secretOf } from "../support/wire-values.ts";
import { createDockerProvider } from "./docker-provider.ts";

const urn = "urn:pulumi:dev::updraft::docker:index/image:Image::image";
const program = "docker-registry";

const isThere = (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
  try {
    accessSync(join(folder, program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** A registry of its own that lets in one user; it ends with the test. */
async function registryFor(username: string, password: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "registry-"));
  const address = `127.0.0.1:${await freePort()}`;
  const users = join(folder, "users");
  await writeFile(users, `${username}:${await bcryptHash(password)}\n`);
  const config = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    auth: { htpasswd: { realm: "tests", path: users } },
    http: { addr: address },
  };
  await writeFile(join(folder, "config.yml"), JSON.stringify(config));
  const child = spawn(program, ["serve", join(folder, "config.yml")], { stdio: "ignore" });
  onTestFinished(() => void child.kill());
  await expect
    .poll(
      () =>
        fetch(`http://${address}/v2/`).then(
          ({ status }) => status,
          () => 0,
        ),
      {
        timeout: 30_000,
      },
    )
    .toBe(401);
  return address;
}

it.skipIf(!isThere)("pushes with the credentials of the inputs, and with no others", async () => {
  const cluster = await testCluster();
  process.env["DOCKER_HOST"] = cluster.dockerHost;
  const provider = createDockerProvider({ log: () => undefined, status: () => undefined });
  const registry = await registryFor("me", "swordfish");
  const context = await mkdtemp(join(tmpdir(), "docker-context-"));
  await writeFile(join(context, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
  const push = async (password: unknown) => {
    const news: Properties = {
      imageName: `${registry}/tests/private:1`,
      build: { context, dockerfile: join(context, "Dockerfile") },
      registry: { server: registry, username: "me", password },
    };
    const request = { urn, olds: {}, news, randomSeed: new Uint8Array(), autonaming: undefined };
    const { inputs: properties } = await provider.check(request);
    return provider.create({ urn, properties, timeoutSeconds: 0, preview: false });
  };
  await expect(push(secretOf("wrong"))).rejects.toThrow(/unauthorized|no basic auth/);
  const { properties } = await push(secretOf("swordfish"));
  expect(properties["repoDigest"]).toMatch(new RegExp(`^${registry}/tests/private@sha256:`));
});
