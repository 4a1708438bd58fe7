import { once } from "node:events";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { z } from "zod";
import { batchOf } from "./batches.ts";
import { RetryingClient } from "./retrying-client.ts";

/** What a client did. */
export interface ClientReport {
  readonly client: number;
  readonly runId: string;
  /** Batches that were acknowledged: 0 to this, without a gap. */
  readonly batches: number;
  /** How often each status was answered; 0 is a connection that broke. */
  readonly statuses: Readonly<Record<number, number>>;
  /** What ended it before it was asked to stop. */
  readonly failure?: string;
}

/** Clients that log batch after batch, in threads of their own. */
export interface LoggingClients {
  /** Lets each finish what it is at, retries included, and says what they did. */
  stop(): Promise<ClientReport[]>;
}

const Job = z.object({ url: z.string(), clients: z.array(z.number()) });
type Job = z.infer<typeof Job>;

const clientsPerWorker = 8;

/**
 * Starts clients, each with a run of its own, all numbered from the first.
 * @param urls of the trackers; the clients are shared out among them
 */
export async function startLogging(
  urls: readonly string[],
  { clients, first = 0 }: { readonly clients: number; readonly first?: number },
): Promise<LoggingClients> {
  const jobs = urls.flatMap((url, index) => {
    const own = Array.from({ length: clients }, (_, client) => client + first).filter(
      (client) => client % urls.length === index,
    );
    return chunks(own, clientsPerWorker).map((some): Job => ({ url, clients: some }));
  });
  const workers = jobs.map((job) => new Worker(new URL(import.meta.url), { workerData: job }));
  await Promise.all(workers.map((worker) => once(worker, "online")));
  return {
    async stop() {
      const reports = await Promise.all(
        workers.map(async (worker) => {
          const reported = once(worker, "message") as Promise<[ClientReport[]]>;
          worker.postMessage("stop", []);
          const [of] = await reported;
          await worker.terminate();
          return of;
        }),
      );
      return reports.flat().toSorted((a, b) => a.client - b.client);
    },
  };
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

async function work(port: NonNullable<typeof parentPort>, { url, clients }: Job): Promise<void> {
  let stopped = false;
  port.once("message", () => (stopped = true));
  const reports = clients.map((client) => logUntil(url, client, () => stopped));
  port.postMessage(await Promise.all(reports));
}

async function logUntil(
  url: string,
  client: number,
  stopped: () => boolean,
): Promise<ClientReport> {
  const connection = new RetryingClient(url);
  let runId = "";
  let batches = 0;
  let failure: string | undefined;
  try {
    const { run } = await connection.post("/runs/create", { run_name: `client-${client}` });
    runId = (run as { info: { run_id: string } }).info.run_id;
    for (; !stopped(); batches += 1) {
      await connection.post("/runs/log-batch", { run_id: runId, ...batchOf(client, batches) });
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  await connection.close();
  const statuses = Object.fromEntries(connection.statuses);
  return { client, runId, batches, statuses, ...(failure !== undefined && { failure }) };
}

// This file is both sides: who starts the threads, and what runs in them.
const job = Job.safeParse(workerData);
if (parentPort && job.success) await work(parentPort, job.data);
