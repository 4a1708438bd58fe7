import type { Request, RequestHandler, Response } from "express";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ModelRepository } from "../models/model-repository.ts";

/** What a scraper is told of a server. */
export interface ServerMetrics {
  readonly contentType: string;
  /** Where more metrics can be put. */
  readonly registers: Registry[];
  /** All of it in Prometheus' text format, the models' state of this moment with it. */
  text(models: ModelRepository): Promise<string>;
  /** Counts predict requests with their status and the time they took, whoever answers them. */
  readonly countPredictions: RequestHandler;
  /** Gives what counts the batches that the engine runs for a model. */
  batches(served: ModelLabels): (size: number) => void;
  /** Says which version of a model serves from now on, and how long it took to load. */
  serves(served: ModelLabels, digest: string, loadSeconds: number): void;
  /** Says that a version serves no longer. */
  retires(served: ModelLabels, digest: string): void;
  /** Counts a version that was to serve and cannot. */
  refuses(model: string): void;
}

/** What tells the series of models apart. */
export interface ModelLabels {
  /** A name that this server has; empty where a client has asked for another one. */
  readonly model: string;
  /** The version that serves under it; empty while there is none. */
  readonly version: string;
}

/** Says for which model a predict request is counted. */
export function measuredAs(response: Response, labels: ModelLabels): void {
  response.locals["measuredAs"] = labels;
}

/** For which model it is counted. */
export function labelsOf(response: Response): ModelLabels {
  return response.locals["measuredAs"] ?? { model: "", version: "" };
}

/** Half a millisecond is what a digit takes; a second is what nobody waits for. */
const latencyBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const batchBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Whether a request asks a model for a prediction. */
export function isPrediction({ method, path }: Pick<Request, "method" | "path">): boolean {
  return method === "POST" && predictPath.test(path);
}

/** Ends of the paths that ask a model, below where their routes are mounted. */
const predictPath = /:predict$|\/infer\/?$|^\/predict\/?$/i;

/** Of a client that went away before its answer; nginx's own code for it. */
const clientClosedRequest = 499;

/**
 * The server's metrics, in a registry of their own. Labels are the models that the server has, the
 * versions that served under them and the status: nothing that a client can choose.
 */
export function createMetrics(): ServerMetrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const instruments = createInstruments(registers);
  const count = (response: Response, seconds: number) => {
    const labels = labelsOf(response);
    const status = response.writableFinished ? response.statusCode : clientClosedRequest;
    instruments.requests.inc({ ...labels, status: `${status}` });
    instruments.latency.observe({ ...labels }, seconds);
  };
  return {
    contentType: registry.contentType,
    registers,
    async text(models) {
      for (const { active, candidate } of models.slots) {
        for (const loaded of [active, candidate?.model]) {
          if (!loaded) continue;
          const { name: model, version, queuedInstances } = loaded;
          instruments.queueSize.set({ model, version }, queuedInstances);
        }
      }
      instruments.ready.set(models.isReady ? 1 : 0);
      return registry.metrics();
    },
    countPredictions(request, response, next) {
      if (isPrediction(request)) {
        const started = performance.now();
        response.once("close", () => count(response, (performance.now() - started) / 1000));
      }
      next();
    },
    batches(served) {
      const observed = instruments.batchSize.labels({ ...served });
      return (size) => observed.observe(size);
    },
    serves(served, digest, loadSeconds) {
      instruments.active.set({ ...served, digest }, 1);
      instruments.loadTime.set({ ...served }, loadSeconds);
      // A rate needs a first value: without requests there are none, not nothing.
      instruments.requests.inc({ ...served, status: "200" }, 0);
      instruments.refused.inc({ model: served.model }, 0);
    },
    retires(served, digest) {
      instruments.active.remove({ ...served, digest });
      instruments.queueSize.remove({ ...served });
    },
    refuses: (model) => instruments.refused.inc({ model }),
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
    refused: new Counter({
      name: "model_refused_total",
      help: "Versions that were to serve and could not; the one before them went on.",
      labelNames: ["model"],
      registers,
    }),
    ready: new Gauge({
      name: "server_ready",
      help: "1 while /ready says so: the model is loaded and the server is not stopping.",
      registers,
    }),
  };
}
