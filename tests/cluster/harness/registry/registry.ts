import { join } from "node:path";
import { paths } from "../paths.ts";
import type { Daemon } from "../processes/supervisor.ts";

/** The registry's configuration; JSON, which is YAML too. */
export function registryServerConfig(address: string): string {
  return JSON.stringify({
    version: 0.1,
    log: { level: "warn" },
    storage: { filesystem: { rootdirectory: paths.registry }, delete: { enabled: true } },
    http: { addr: address },
  });
}

/** Where the configuration is written to. */
export const registryConfigFile = join(paths.configs, "registry.json");

/** The registry that builds push to and nodes pull from. */
export const registry: Daemon = {
  name: "registry",
  command: "docker-registry",
  args: ["serve", registryConfigFile],
};

/** Whether the registry answers. @param address host and port */
export async function registryAnswers(address: string): Promise<boolean> {
  return (await fetch(`http://${address}/v2/`, { signal: AbortSignal.timeout(2000) })).ok;
}

/**
 * The digest that a tag stands for.
 * @param image `host:port/name:tag`
 * @returns undefined if the registry does not have it
 */
export async function digestOf(image: string): Promise<string | undefined> {
  const [, host, name, tag] = /^([^/]+)\/(.+):([^:]+)$/.exec(image) ?? [];
  const response = await fetch(`http://${host}/v2/${name}/manifests/${tag}`, {
    method: "HEAD",
    headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
    signal: AbortSignal.timeout(5000),
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${image}: the registry answers ${response.status}`);
  return response.headers.get("docker-content-digest") ?? undefined;
}
