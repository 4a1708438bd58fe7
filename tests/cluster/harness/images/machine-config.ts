import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../../toolchain/run.js";

const authorities = "/etc/ssl/certs/ca-certificates.crt";

/**
 * What builds need to reach the package registries as this machine does: its certificate
 * authorities, mirrors and registries. Nothing that is secret: of settings only those named here.
 * @returns text by path below `/`
 */
export async function machineConfig(): Promise<Record<string, string>> {
  const [sources, acquire, npm, pip] = await Promise.all([
    aptSources(),
    run("apt-config", ["dump"]),
    npmSettings(),
    pipSettings(),
  ]);
  const files: Record<string, string> = {
    "etc/apt/sources.list": debianSources(sources),
    "etc/apt/apt.conf.d/90machine": acquireSettings(acquire),
    "etc/pip.conf": pip,
    "usr/local/etc/npmrc": npm,
  };
  if (existsSync(authorities)) files[authorities.slice(1)] = await readFile(authorities, "utf8");
  return files;
}

/**
 * Debian's archives as apt takes them, from the mirrors that this machine uses.
 * @param texts of the machine's own sources
 */
export function debianSources(texts: readonly string[]): string {
  const urls = texts.join("\n").match(/^(?!\s*#).*https?:\/\/[^\s@]+/gm) ?? [];
  const mirror = (name: string) => {
    const found = urls
      .map((line) => /https?:\/\/[^\s@]+$/.exec(line)?.[0].replace(/\/$/, ""))
      .find((url) => url?.endsWith(`/${name}`));
    return found ?? `http://deb.debian.org/${name}`;
  };
  return [
    `deb ${mirror("debian")} bookworm main`,
    `deb ${mirror("debian")} bookworm-updates main`,
    `deb ${mirror("debian-security")} bookworm-security main`,
    "",
  ].join("\n");
}

/** Debian's mirror among the sources, for debootstrap. */
export function debianMirror(sources: string): string {
  return sources.split(" ")[1] ?? "";
}

/**
 * How this machine fetches packages: its proxies, and what it does not check.
 * @param dump output of `apt-config dump`
 */
export function acquireSettings(dump: string): string {
  const wanted = /^Acquire::(Check-\S+|https?::Proxy) "[^@"]*";$/;
  return [...dump.split("\n").filter((line) => wanted.test(line)), ""].join("\n");
}

async function aptSources(): Promise<string[]> {
  const folder = "/etc/apt/sources.list.d";
  const names = existsSync(folder) ? await readdir(folder) : [];
  const files = ["/etc/apt/sources.list", ...names.map((name) => join(folder, name))];
  return Promise.all(
    files.filter((file) => existsSync(file)).map((file) => readFile(file, "utf8")),
  );
}

async function npmSettings(): Promise<string> {
  const registry = (await run("npm", ["config", "get", "registry"])).trim();
  return [
    ...(registry.includes("@") ? [] : [`registry=${registry}`]),
    `cafile=${authorities}`,
    "fund=false",
    "audit=false",
    "update-notifier=false",
    "",
  ].join("\n");
}

async function pipSettings(): Promise<string> {
  const index = await run("python3", ["-m", "pip", "config", "get", "global.index-url"]).catch(
    () => "",
  );
  const usable = index.trim() !== "" && !index.includes("@");
  const lines = ["[global]", `cert = ${authorities}`, "disable-pip-version-check = true"];
  return [...lines, ...(usable ? [`index-url = ${index.trim()}`] : []), ""].join("\n");
}
