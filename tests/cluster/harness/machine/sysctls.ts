import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { paths } from "../paths.ts";

/** What the cluster needs, and what kubelet and kube-proxy set by themselves (without a value). */
const settings: Record<string, string | undefined> = {
  "net.ipv4.ip_forward": "1",
  "net.ipv4.conf.all.route_localnet": undefined,
  // Pods share a bridge: without this what they send each other passes no rule.
  "net.bridge.bridge-nf-call-iptables": "1",
  "fs.inotify.max_user_instances": "1024",
  "vm.overcommit_memory": undefined,
  "vm.panic_on_oom": undefined,
  "kernel.panic": undefined,
  "kernel.panic_on_oops": undefined,
};

/** Sets the kernel's settings, and remembers what they were. */
export async function setSysctls(): Promise<void> {
  if (!existsSync(paths.savedSysctls)) {
    const before: Record<string, string> = {};
    for (const name of Object.keys(settings)) {
      const file = fileOf(name);
      if (existsSync(file)) before[name] = (await readFile(file, "utf8")).trim();
    }
    await mkdir(dirname(paths.savedSysctls), { recursive: true });
    await writeFile(paths.savedSysctls, JSON.stringify(before));
  }
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined) await writeFile(fileOf(name), value);
  }
}

/** Gives the kernel's settings back the values that they had before. */
export async function restoreSysctls(): Promise<void> {
  if (!existsSync(paths.savedSysctls)) return;
  const before: unknown = JSON.parse(await readFile(paths.savedSysctls, "utf8"));
  for (const [name, value] of Object.entries(before ?? {})) {
    const file = fileOf(name);
    if (existsSync(file) && (await readFile(file, "utf8")).trim() !== value) {
      await writeFile(file, String(value));
    }
  }
}

function fileOf(name: string): string {
  return join("/proc/sys", ...name.split("."));
}
