import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isInstalled, sdkVersion, withPluginsOnPath } from "./plugins-on-path.ts";

const standInOfKubernetes = join(import.meta.dirname, "../kubernetes");
let home: string;

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "plugins-")));
});

afterEach(() => rm(home, { recursive: true }));

async function executable(folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), "#!/bin/sh\n", { mode: 0o755 });
}

describe("stand-ins on PATH", () => {
  it("come first where the official plugin is missing", () => {
    const { PATH } = withPluginsOnPath({ PATH: "/bin", PULUMI_HOME: home });
    const entries = PATH!.split(delimiter);
    expect(entries).toContain(standInOfKubernetes);
    expect(entries.at(-1)).toBe("/bin");
  });

  it("stay away where the official plugin of the SDK's version is installed", async () => {
    const folder = join(home, "plugins", `resource-kubernetes-v${sdkVersion("kubernetes")}`);
    await executable(folder, "pulumi-resource-kubernetes");
    const env = { PATH: "/bin", PULUMI_HOME: home };
    expect(isInstalled("kubernetes", env)).toBe(true);
    expect(withPluginsOnPath(env).PATH!.split(delimiter)).not.toContain(standInOfKubernetes);
  });

  it("stay away where another one is on PATH", async () => {
    await executable(join(home, "bin"), "pulumi-resource-random");
    expect(isInstalled("random", { PATH: join(home, "bin"), PULUMI_HOME: home })).toBe(true);
    expect(isInstalled("docker", { PATH: join(home, "bin"), PULUMI_HOME: home })).toBe(false);
  });

  it("are left to Pulumi where that is asked for", () => {
    const env = { PATH: "/bin", PULUMI_HOME: home, UPDRAFT_PROVIDERS: "official" };
    expect(withPluginsOnPath(env)).toBe(env);
  });
});
