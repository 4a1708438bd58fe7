import type { RequestHandler } from "express";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ModelHolder } from "./model-holder.ts";

/** What a scraper is told of a server. */
export interface ServerMetrics {
  readonly contentType: string;
  /** All of it in Prometheus' text format, the holder's state of this moment with it. */
  text(holder: ModelHolder): Promise<string>;
  /** Counts predict requests with their status and the time they took, whoever answers them. */
  readonly countPredictions: RequestHandler;
  /** Counts a batch that the engine runs. */
  readonly ranBatch: (size: number) => void;
  /** Says which model serves from now on, and how long it took to load. */
  serves(digest: string, loadSeconds: number): void;
}

/** Half a millisecond is what a digit takes; a second is what nobody waits for. */
const latencyBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const batchBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Of a client that went away before its answer; nginx's own code for it. */
const clientClosedRequest = 499;

/**
 * The server's metrics, in a registry of their own. Labels are the one model, its version and the
 * status: nothing that a client can choose, so their number is fixed.
 */
export function createMetrics(model: string, version: string): ServerMetrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const instruments = createInstruments(registers);
  const served = { model, version };
  const latency = instruments.latency.labels(served);
  const observeBatch = instruments.batchSize.labels(served);
  const requests = new Map<number, Counter.Internal>();
  const count = (status: number) => {
    const counter =
      requests.get(status) ?? instruments.requests.labels(model, version, `${status}`);
    requests.set(status, counter);
    counter.inc();
  };
  // A rate needs a first value: without requests there are none, not nothing.
  instruments.requests.inc({ ...served, status: "200" }, 0);
  return {
    contentType: registry.contentType,
    async text(holder) {
      instruments.queueSize.set(served, holder.model?.queuedInstances ?? 0);
      instruments.ready.set(holder.model !== undefined && !holder.isDraining ? 1 : 0);
      return registry.metrics();
    },
    countPredictions(request, response, next) {
      if (request.method === "POST" && request.path.endsWith(":predict")) {
        const started = performance.now();
        response.once("close", () => {
          count(response.writableFinished ? response.statusCode : clientClosedRequest);
          latency.observe((performance.now() - started) / 1000);
        });
      }
      next();
    },
    ranBatch: (size) => observeBatch.observe(size),
    serves(digest, loadSeconds) {
      instruments.active.set({ ...served, digest }, 1);
      instruments.loadTime.set(served, loadSeconds);
    },
  };
}

/** Each as it is named and described to a scraper. */
function createInstruments(registers: Registry[]) {
  const labelNames = ["model", "version"] as const;
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  return {
    requests: new Counter({
      name: "prediction_requests_total",
      help: "Predict requests by the status of their answer; 499 is a client that went away.",
      labelNames: [...labelNames, "status"],
      registers,
    }),
    latency: new Histogram({
      name: "prediction_latency_seconds",
      help: "From the head of a predict request to the end of its answer.",
      labelNames,
      buckets: latencyBuckets,
      registers,
    }),
    batchSize: new Histogram({
      name: "prediction_batch_size",
      help: "Instances that the engine ran together; the sum is all instances.",
      labelNames,
      buckets: batchBuckets,
      registers,
    }),
    queueSize: gauge("prediction_queue_size", "Instances that wait for the engine."),
    loadTime: gauge(
      "model_load_time_seconds",
      "From the start of loading until the model had answered its example.",
    ),
    active: new Gauge({
      name: "active_model_version",
      help: "1 for the model that serves.",
      labelNames: [...labelNames, "digest"],
      registers,
    }),
    ready: new Gauge({
      name: "server_ready",
      help: "1 while /ready says so: the model is loaded and the server is not stopping.",
      registers,
    }),
  };
}
