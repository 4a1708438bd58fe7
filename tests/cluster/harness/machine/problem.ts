import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { missingClusterPrograms } from "../../../../toolchain/cluster-programs.js";
import { currentContext } from "../../../../toolchain/setup.js";
import { allOnPath } from "../../../../toolchain/tools.js";
import { isAtLeast, parseVersion } from "../../../../toolchain/version.js";
import { addresses, networkNames } from "../addresses.ts";
import { paths } from "../paths.ts";
import { hasCgroups } from "./cgroups.ts";
import { overlap, parseCidr } from "./cidr.ts";
import { canInstall, missingPackages, systemPath } from "./packages.ts";

/** What the newest of the go.mod files asks for. */
const minimumGo = "1.26.4";

/** Why a cluster cannot be started on this machine, all reasons at once; undefined if it can. */
export function machineProblem(): string | undefined {
  if (process.platform !== "linux") return "a cluster needs Linux";
  if (!["x64", "arm64"].includes(process.arch)) return `there is no image for ${process.arch}`;
  if (process.getuid?.() !== 0) return "a cluster needs root";
  const problems = [
    ...capabilityProblems(readFileSync("/proc/self/status", "utf8")),
    ...(hasCgroups() ? [] : ["there are no cgroups at /sys/fs/cgroup"]),
    ...packageProblems(),
    ...goProblems(),
    ...ownerProblems(),
    ...routeProblems(routes()),
  ];
  return problems.length === 0 ? undefined : problems.join("; ");
}

/** @param status content of `/proc/self/status` */
export function capabilityProblems(status: string): string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  const wanted = { CAP_NET_ADMIN: 12n, CAP_SYS_CHROOT: 18n, CAP_SYS_ADMIN: 21n, CAP_MKNOD: 27n };
  const missing = Object.entries(wanted)
    .filter(([, bit]) => ((effective >> bit) & 1n) === 0n)
    .map(([name]) => name);
  return missing.length === 0 ? [] : [`root lacks ${missing.join(", ")} here`];
}

/**
 * @param destinations of the routes of this machine, with their devices; a default route leads
 *   everywhere and hinders nobody
 */
export function routeProblems(destinations: readonly { dst: string; dev: string }[]): string[] {
  const own: readonly string[] = [networkNames.nodeBridge, networkNames.podBridge];
  const ranges = [addresses.nodes, addresses.pods, addresses.services];
  return destinations
    .filter(({ dst, dev }) => dst !== "default" && !own.includes(dev))
    .flatMap(({ dst, dev }) =>
      ranges
        .filter((range) => overlap(parseCidr(range), parseCidr(dst)))
        .map((range) => `the cluster's addresses ${range} are routed already: ${dst} to ${dev}`),
    );
}

function routes(): { dst: string; dev: string }[] {
  if (allOnPath("ip", systemPath).length === 0) return [];
  const env = { ...process.env, PATH: systemPath };
  const text = execFileSync("ip", ["-4", "route", "show"], { encoding: "utf8", env });
  return text.split("\n").flatMap((line) => {
    const [, dst, dev] = /^(default|[\d./]+) .*?\bdev (\S+)/.exec(line) ?? [];
    return dst === undefined || dev === undefined ? [] : [{ dst, dev }];
  });
}

function packageProblems(): string[] {
  const missing = missingPackages();
  if (missing.length === 0 || canInstall()) return [];
  return [`missing, and there is no apt-get to install them: ${missing.join(", ")}`];
}

/** Go is needed only as long as something is to be built. */
function goProblems(): string[] {
  const context = currentContext();
  const missing = missingClusterPrograms(context, existsSync);
  if (missing.length === 0) return [];
  const building = `to build ${missing.join(", ")}`;
  const [go] = allOnPath("go", process.env["PATH"]);
  if (go === undefined) return [`Go ${minimumGo} or newer is not on PATH, ${building}`];
  const said = execFileSync(go, ["env", "GOVERSION", "GOTOOLCHAIN"], { encoding: "utf8" });
  const found = parseVersion(said)?.join(".") ?? "unknown";
  // An older one from 1.21 on fetches the one that is asked for, unless that is forbidden.
  const fetches = isAtLeast(found, context.pins.go.minimum) && !/^local$/m.test(said);
  if (fetches || isAtLeast(found, minimumGo)) return [];
  return [`${go} is Go ${found}, and ${minimumGo} or newer is needed ${building}`];
}

/** The addresses exist once on a machine, whatever folder a cluster has its state in. */
function ownerProblems(): string[] {
  const owner = existsSync(paths.owner) ? readFileSync(paths.owner, "utf8") : paths.state;
  if (owner === paths.state) return [];
  return [`a test cluster with its state in ${owner} is up on this machine`];
}
