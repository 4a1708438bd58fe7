import { readFile } from "node:fs/promises";
import { CoreV1Api } from "@kubernetes/client-node";
import { adminConfig } from "./control-plane/client.ts";
import { factsIfUp } from "./cluster.ts";
import { supervisor } from "./processes/supervisor.ts";

/** Prints the processes of the cluster, its nodes and its pods. @returns 0 if all of it runs */
export async function printStatus(): Promise<number> {
  const running = await supervisor.list();
  for (const { name, pid, alive } of running) {
    const state = alive ? `pid ${pid}, ${await residentMegabytes(pid)} MB` : "has ended";
    print(`${name.padEnd(26)} ${state}`);
  }
  if ((await factsIfUp()) === undefined) {
    print("the test cluster is not up");
    return 1;
  }
  const api = adminConfig().makeApiClient(CoreV1Api);
  for (const { metadata, status } of (await api.listNode()).items) {
    const ready = status?.conditions?.find(({ type }) => type === "Ready")?.status;
    print(`node ${metadata?.name}: ready ${ready}`);
  }
  for (const { metadata, spec, status } of (await api.listPodForAllNamespaces()).items) {
    const name = `${metadata?.namespace}/${metadata?.name}`;
    print(`pod ${name.padEnd(60)} ${status?.phase} on ${spec?.nodeName ?? "no node"}`);
  }
  return 0;
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round(Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
