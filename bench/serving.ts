import { freePort } from "@updraft/contracts/free-port";
import { quickModel } from "@updraft/tests/pulumi-stack";
import { TestStack } from "@updraft/tests/test-stack";
import { startOwnServer } from "./support/own-server.ts";
import { type Peer, startPeer } from "./support/python-peer.ts";
import { load, type Load, type Post } from "./support/wrk.ts";

// How quickly a digit is answered over HTTP, by the service of a stack as users have it, in JSON
// and in the binary form of the Open Inference Protocol, and by what Python teams serve with: the
// same network and the same body behind FastAPI, on ONNX Runtime, PyTorch and Keras.
//
//   npm run bench -- serving [--soak]     --soak: a million requests, and the memory after each tenth
const digit = Array.from({ length: 784 }, (_, index) => (index * 31) % 256);
const json = {
  body: Buffer.from(JSON.stringify({ instances: [digit] })),
  headers: { "content-type": "application/json" },
};
const seconds = 6;

const stack = await TestStack.create("serving");
try {
  await stack.configure({ model: quickModel, gate: {} });
  const up = await stack.up();
  if (up.code !== 0) throw new Error(up.output);
  const { predictUrl } = await stack.outputs();
  const ours = { url: predictUrl, ...json };
  if (process.argv.includes("--soak")) {
    await soak(ours);
  } else {
    await compare(ours);
    const release = await stack.pulumi("stack", "output", "release", "--json");
    for (const engine of ["wasm", "tfjs-node"] as const) await alone(release.stdout, engine);
  }
} finally {
  await stack.cleanUp();
}

/** A server by itself: how it starts, what it keeps in memory, and what its engine answers. */
async function alone(release: string, engine: "wasm" | "tfjs-node"): Promise<void> {
  const server = await startOwnServer(JSON.parse(release), engine);
  try {
    console.log(
      `server with ${engine}: ready after ${Math.round(server.startMilliseconds)} ms, ${Math.round(server.residentMiB())} MiB`,
    );
    const url = `${server.url}/v1/models/digits:predict`;
    await measure(`server with ${engine}, JSON`, { url, ...json }, [1, 16, 64]);
    const infer = { url: `${server.url}/v2/models/digits/infer`, ...tensor("FP32") };
    await measure(`server with ${engine}, binary FP32`, infer, [16, 64]);
    console.log(`  afterwards ${Math.round(server.residentMiB())} MiB`);
  } finally {
    await server.stop();
  }
}

async function compare(ours: Post): Promise<void> {
  const atSixteen = await measure("updraft, JSON", ours, [1, 16, 64]);
  const infer = ours.url.replace(/\/v1\/models\/(.*):predict$/, "/v2/models/$1/infer");
  for (const datatype of ["FP32", "UINT8"] as const) {
    const binary = await measure(
      `updraft, binary ${datatype}`,
      { url: infer, ...tensor(datatype) },
      [16],
    );
    sayRatio(binary, atSixteen, "of JSON's");
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
      const theirs = await measure(name, { url, ...json }, [1, 16]);
      sayRatio(atSixteen, theirs, "of theirs");
    } finally {
      await peer.stop();
    }
  }
}

/** With each number of connections, the second of two runs: the first one warms up. The last but one of several is given back. */
async function measure(what: string, post: Post, connections: readonly number[]): Promise<Load> {
  const seen = new Map<number, Load>();
  for (const clients of connections) {
    await load(post, { clients, seconds: 2 });
    const one = await load(post, { clients, seconds });
    seen.set(clients, one);
    console.log(
      `${what}, ${clients} connections: p50 ${one.p50Milliseconds.toFixed(2)} ms, p99 ${one.p99Milliseconds.toFixed(2)} ms, ${Math.round(one.requestsPerSecond)} requests/s`,
    );
  }
  const atSixteen = seen.get(16);
  if (!atSixteen) throw new Error("16 connections are what is compared");
  return atSixteen;
}

function sayRatio(one: Load, other: Load, whose: string): void {
  const ratio = one.requestsPerSecond / other.requestsPerSecond;
  console.log(`  requests/s with 16 connections: ${ratio.toFixed(2)} times ${whose}`);
}

/** An image in the binary form of the Open Inference Protocol. */
function tensor(datatype: "FP32" | "UINT8"): Omit<Post, "url"> {
  const values = datatype === "FP32" ? Float32Array.from(digit) : Uint8Array.from(digit);
  const parameters = { binary_data_size: values.byteLength };
  const input = { name: "image", shape: [1, 28, 28, 1], datatype, parameters };
  const head = Buffer.from(
    JSON.stringify({ inputs: [input], parameters: { binary_data_output: true } }),
  );
  return {
    body: Buffer.concat([head, Buffer.from(values.buffer)]),
    headers: {
      "content-type": "application/octet-stream",
      "inference-header-content-length": `${head.length}`,
    },
  };
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
