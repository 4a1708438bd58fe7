import { join } from "node:path";
import { run } from "../../../../toolchain/run.js";
import { dockerCgroup } from "../machine/cgroups.ts";
import { paths } from "../paths.ts";
import type { Daemon } from "../processes/supervisor.ts";

/** Where clients reach the cluster's dockerd. */
export const dockerHost = `unix://${paths.dockerSocket}`;

/**
 * dockerd, for builds alone: it makes no network, and what runs in a build has this machine's
 * (`docker build --network host`).
 */
export const dockerd: Daemon = {
  name: "dockerd",
  command: "dockerd",
  args: [
    `--data-root=${paths.docker}`,
    `--exec-root=${join(paths.run, "docker")}`,
    `--host=${dockerHost}`,
    `--pidfile=${join(paths.run, "dockerd.pid")}`,
    `--cgroup-parent=${dockerCgroup}`,
    "--bridge=none",
    "--iptables=false",
    "--ip6tables=false",
    "--ip-forward=false",
    "--ip-masq=false",
    "--storage-driver=overlay2",
  ],
};

/** Runs docker's client against the cluster's dockerd, without the user's own configuration. */
export function docker(...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    DOCKER_HOST: dockerHost,
    DOCKER_CONFIG: join(paths.run, "docker-config"),
    // The client may lack BuildKit's plugin; the builder in dockerd is always there.
    DOCKER_BUILDKIT: "0",
  };
  return run("docker", args, { name: `docker ${args[0]}`, env });
}
