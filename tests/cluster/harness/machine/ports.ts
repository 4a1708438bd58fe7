import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { z } from "zod";
import { paths } from "../paths.ts";
import { ClusterError } from "../report.ts";

/** Ports on 127.0.0.1. What has an address of its own on a bridge takes the usual port there. */
export type Ports = z.infer<typeof portsSchema>;

const port = z.int().min(1).max(65_535);
const portsSchema = z.object({
  registry: port,
  etcd: port,
  etcdPeer: port,
  controllerManager: port,
  scheduler: port,
  proxyHealth: port,
  proxyMetrics: port,
  kubeletHealth: z.record(z.string(), port),
});

/**
 * The ports for a start of the cluster: free ones, but for the registry's, which stays the same,
 * since it is part of the name of every image.
 * @param nodeNames each kubelet has a port of its own
 * @throws {ClusterError} if something else has the registry's port now
 */
export async function choosePorts(nodeNames: readonly string[]): Promise<Ports> {
  const known = await rememberedPorts();
  if (known !== undefined && !(await isFree(known.registry))) {
    throw new ClusterError(
      `Port ${known.registry} on 127.0.0.1 is in use by another program, and the images of the ` +
        "test cluster are named after it. End that program, or begin anew with " +
        "`npm run cluster -- down --purge`.",
    );
  }
  const free = await freePorts(7 + nodeNames.length, known?.registry);
  const [registry, etcd, etcdPeer, controllerManager, scheduler, proxyHealth, proxyMetrics] = free;
  const ports = portsSchema.parse({
    registry: known?.registry ?? registry,
    etcd,
    etcdPeer,
    controllerManager,
    scheduler,
    proxyHealth,
    proxyMetrics,
    kubeletHealth: Object.fromEntries(nodeNames.map((name, index) => [name, free[7 + index]])),
  });
  await mkdir(dirname(paths.ports), { recursive: true });
  await writeFile(paths.ports, JSON.stringify(ports, undefined, 2));
  return ports;
}

async function rememberedPorts(): Promise<Ports | undefined> {
  const text = await readFile(paths.ports, "utf8").catch(() => undefined);
  return text === undefined ? undefined : portsSchema.parse(JSON.parse(text));
}

/** Below the range that connections get their own ports from: what is free stays free. */
const firstPort = 15_000;

/** @param taken one that is not to be given out */
async function freePorts(count: number, taken?: number): Promise<number[]> {
  const free: number[] = [];
  for (let candidate = firstPort; free.length < count; candidate += 1) {
    if (candidate !== taken && (await isFree(candidate))) free.push(candidate);
  }
  return free;
}

async function isFree(number: number): Promise<boolean> {
  const server = createServer().listen(number, "127.0.0.1");
  try {
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
