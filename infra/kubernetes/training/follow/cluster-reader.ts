import http from "node:http";
import https from "node:https";
import { createInterface } from "node:readline";
import type { KubeConfig } from "@kubernetes/client-node";
import type { ClusterAccess } from "../../cluster/cluster-connection.ts";

/** Reads from a cluster's API, without keeping the process that reads. */
export interface ClusterReader {
  /** What is at a path; nothing where there is nothing. */
  read(path: string, signal: AbortSignal): Promise<unknown>;
  /** The lines of an answer as they come, until it ends. */
  lines(path: string, signal: AbortSignal): AsyncIterable<string>;
}

/** How long an answer may be silent that is not a log, in milliseconds. */
const answerMs = 15_000;

/** The cluster that a stack runs in. */
export async function clusterReader({
  context,
  kubeconfig,
}: ClusterAccess): Promise<ClusterReader> {
  // Only here, because a preview does without it and loading it takes a while.
  const { KubeConfig: Reader } = await import("@kubernetes/client-node");
  const config = new Reader();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromString(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  return readerOf(config);
}

/** The cluster of a kubeconfig's current context. */
export function readerOf(config: KubeConfig): ClusterReader {
  return {
    async read(path, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
      const answer = await get(config, path, limit);
      const text = await textOf(answer);
      if (answer.statusCode === 404) return undefined;
      if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
      return JSON.parse(text);
    },
    async *lines(path, signal) {
      const answer = await get(config, path, signal);
      if (answer.statusCode !== 200) {
        throw new Error(`${path}: ${answer.statusCode} ${await textOf(answer)}`);
      }
      yield* createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY });
    },
  };
}

async function get(
  config: KubeConfig,
  path: string,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error("the kubeconfig has no current cluster");
  const url = new URL(`${server.replace(/\/+$/, "")}${path}`);
  const options: https.RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { request } = url.protocol === "http:" ? http : https;
  return new Promise((resolve, reject) => {
    const call = request(url, { ...options, signal }, resolve);
    // An update ends when it is through, and not when nobody reads its logs any more.
    call.once("socket", (socket) => {
      socket.setKeepAlive(true, 30_000);
      socket.unref();
    });
    call.once("error", reject);
    call.end();
  });
}

async function textOf(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
