import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@updraft/contracts/free-port";
import { binaryBody, jsonBody } from "./support/digit-bodies.ts";
import { type OwnServer, type ServedRelease, startOwnServer } from "./support/own-server.ts";
import { type Peer, startPeer } from "./support/python-peer.ts";
import { releaseOf, withQuickStack } from "./support/quick-stack.ts";
import { load, type Load, type Post } from "./support/wrk.ts";

// How quickly a digit is answered over HTTP, by the service of a stack as users have it, in JSON
// and in the binary form of the Open Inference Protocol, and by what Python teams serve with: the
// same network and the same body behind FastAPI, on ONNX Runtime, PyTorch and Keras.
//
//   npm run bench -- serving [--soak]     --soak: a million requests, and the memory after each tenth
const seconds = 6;
/** After which a server that nobody asks is at rest. */
const restSeconds = 20;
/** Of requests that bring several digits. */
const batch = { digits: 64, connections: 4 };

await withQuickStack("serving", async (stack) => {
  const { predictUrl } = await stack.outputs();
  const ours = { url: predictUrl, ...jsonBody() };
  if (process.argv.includes("--soak")) {
    await soak(ours);
    return;
  }
  await compare(ours);
  const release = await releaseOf(stack);
  for (const engine of ["wasm", "tfjs-node"] as const) await alone(release, engine);
});

/** A server by itself: how it starts, what it keeps in memory, and what its engine answers. */
async function alone(release: ServedRelease, engine: "wasm" | "tfjs-node"): Promise<void> {
  const server = await startOwnServer(release, engine);
  const memory = () => `${Math.round(server.residentMiB())} MiB`;
  try {
    console.log(
      `server with ${engine}: ready after ${Math.round(server.startMilliseconds)} ms, ${memory()}`,
    );
    await sleep(restSeconds * 1000);
    console.log(`  at rest ${memory()}`);
    const url = `${server.url}/v1/models/digits:predict`;
    await measure(`server with ${engine}, JSON`, { url, ...jsonBody() }, [1, 16, 64]);
    const infer = { url: inferUrl(url), ...binaryBody("FP32") };
    await measure(`server with ${engine}, binary FP32`, infer, [16, 64]);
    await batches(server, engine);
    console.log(`  afterwards ${memory()}`);
  } finally {
    await server.stop();
  }
}

/** What a request of many digits costs in each form. */
async function batches(server: OwnServer, engine: string): Promise<void> {
  const url = `${server.url}/v1/models/digits:predict`;
  const { digits, connections } = batch;
  const what = `server with ${engine}, ${digits} digits as`;
  const json = await measure(`${what} JSON`, { url, ...jsonBody(digits) }, [connections]);
  for (const datatype of ["FP32", "UINT8"] as const) {
    const post = { url: inferUrl(url), ...binaryBody(datatype, digits) };
    const binary = await measure(`${what} binary ${datatype}`, post, [connections]);
    sayRatio(binary, json, connections, "of JSON's");
  }
}

async function compare(ours: Post): Promise<void> {
  const json = await measure("updraft, JSON", ours, [1, 16, 64]);
  for (const datatype of ["FP32", "UINT8"] as const) {
    const post = { url: inferUrl(ours.url), ...binaryBody(datatype) };
    const binary = await measure(`updraft, binary ${datatype}`, post, [16]);
    sayRatio(binary, json, 16, "of JSON's");
  }
  for (const [script, name, requirements] of [
    ["serve_onnx.py", "FastAPI with ONNX Runtime", "requirements.txt"],
    ["serve_torch.py", "FastAPI with PyTorch", "frameworks-requirements.txt"],
    ["serve_keras.py", "FastAPI with Keras", "frameworks-requirements.txt"],
  ] as const) {
    const port = await freePort();
    const peer: Peer | undefined = await startPeer(script, port, requirements);
    if (!peer) continue;
    try {
      const url = `http://127.0.0.1:${port}/v1/models/digits:predict`;
      const theirs = await measure(name, { url, ...jsonBody() }, [1, 16]);
      sayRatio(json, theirs, 16, "of theirs");
    } finally {
      await peer.stop();
    }
  }
}

/** What was seen, by how many connections there were. */
type Seen = ReadonlyMap<number, Load>;

/** With each number of connections, the second of two runs: the first one warms up. */
async function measure(what: string, post: Post, connections: readonly number[]): Promise<Seen> {
  const seen = new Map<number, Load>();
  for (const clients of connections) {
    await load(post, { clients, seconds: 2 });
    const one = await load(post, { clients, seconds });
    seen.set(clients, one);
    console.log(
      `${what}, ${clients} connections: p50 ${one.p50Milliseconds.toFixed(2)} ms, p99 ${one.p99Milliseconds.toFixed(2)} ms, ${Math.round(one.requestsPerSecond)} requests/s`,
    );
  }
  return seen;
}

function sayRatio(one: Seen, other: Seen, clients: number, whose: string): void {
  const [mine, theirs] = [one, other].map((seen) => seen.get(clients)?.requestsPerSecond);
  const ratio = (mine ?? Number.NaN) / (theirs ?? Number.NaN);
  console.log(`  requests/s with ${clients} connections: ${ratio.toFixed(2)} times ${whose}`);
}

/** The same model's address in the Open Inference Protocol. */
function inferUrl(predictUrl: string): string {
  return predictUrl.replace(/\/v1\/models\/(.*):predict$/, "/v2/models/$1/infer");
}

/** Whether memory stays as it is over a million requests. */
async function soak(post: Post): Promise<void> {
  let answered = 0;
  while (answered < 1_000_000) {
    const { requestsPerSecond } = await load(post, { clients: 64, seconds: 20 });
    answered += requestsPerSecond * 20;
    const metrics = await (await fetch(new URL("/metrics", post.url))).text();
    const resident = Number(/^process_resident_memory_bytes (\d+)$/m.exec(metrics)?.[1]) / 2 ** 20;
    console.log(`${Math.round(answered)} requests: ${Math.round(resident)} MiB`);
  }
}
