import { existsSync } from "node:fs";
import { chmod, rm, writeFile } from "node:fs/promises";
import { run } from "../../../../toolchain/run.js";
import { allOnPath } from "../../../../toolchain/tools.js";
import { ClusterError, say } from "../report.ts";

/** Programs and files that the cluster runs with, and Debian's package of each. */
const needed: readonly { readonly has: string; readonly debianPackage: string }[] = [
  { has: "apt-config", debianPackage: "apt" },
  { has: "etcd", debianPackage: "etcd-server" },
  { has: "containerd", debianPackage: "containerd" },
  { has: "ctr", debianPackage: "containerd" },
  { has: "runc", debianPackage: "runc" },
  { has: "/usr/lib/cni/bridge", debianPackage: "containernetworking-plugins" },
  { has: "iptables-restore", debianPackage: "iptables" },
  { has: "conntrack", debianPackage: "conntrack" },
  { has: "ip", debianPackage: "iproute2" },
  { has: "mount", debianPackage: "mount" },
  { has: "dockerd", debianPackage: "docker.io" },
  { has: "docker", debianPackage: "docker.io" },
  { has: "docker-registry", debianPackage: "docker-registry" },
  { has: "debootstrap", debianPackage: "debootstrap" },
  {
    has: "/usr/share/keyrings/debian-archive-keyring.gpg",
    debianPackage: "debian-archive-keyring",
  },
  { has: "openssl", debianPackage: "openssl" },
  { has: "update-ca-certificates", debianPackage: "ca-certificates" },
];

/** Programs of the system are in folders that not everybody has on PATH. */
export const systemPath = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

/** Debian's packages that are not installed, each once. */
export function missingPackages(): string[] {
  const missing = needed.filter(({ has }) =>
    has.startsWith("/") ? !existsSync(has) : allOnPath(has, systemPath).length === 0,
  );
  return [...new Set(missing.map(({ debianPackage }) => debianPackage))];
}

/** Whether missing packages can be installed. */
export function canInstall(): boolean {
  return allOnPath("apt-get", systemPath).length > 0;
}

const policy = "/usr/sbin/policy-rc.d";

/**
 * Installs what is missing. Debian starts the services that a package brings; here nothing of it is
 * wanted but the programs, so it is told not to.
 */
export async function installPackages(): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  say(`installing ${missing.join(", ")}`);
  const isOurs = !existsSync(policy);
  if (isOurs) {
    await writeFile(policy, "#!/bin/sh\nexit 101\n");
    await chmod(policy, 0o755);
  }
  try {
    const env = { ...process.env, PATH: systemPath, DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-qq"], { env });
    await run("apt-get", ["install", "-qq", "--no-install-recommends", ...missing], { env });
  } finally {
    if (isOurs) await rm(policy, { force: true });
  }
  const still = missingPackages();
  if (still.length > 0) {
    throw new ClusterError(`Installed, but still not there: ${still.join(", ")}.`);
  }
}
