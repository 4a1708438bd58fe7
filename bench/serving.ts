import { quickModel } from "@updraft/tests/pulumi-stack";
import { TestStack } from "@updraft/tests/test-stack";
import { type Load, load } from "./support/load.ts";
import { startPeer } from "./support/python-peer.ts";

// How quickly a drawn digit is answered over HTTP, by the service of a stack as users have it and
// by ONNX Runtime behind FastAPI, with the same network, body and client.
const digit = Array.from({ length: 784 }, (_, index) => (index * 31) % 256);
const body = JSON.stringify({ instances: [digit] });
const measurements = [
  { clients: 1, requests: 3_000 },
  { clients: 16, requests: 10_000 },
];

const stack = await TestStack.create("serving");
const peerPort = stack.ports.inference + 1;
const peerUrl = `http://127.0.0.1:${peerPort}/v1/models/digits:predict`;
const peer = await startPeer("serve_onnx.py", peerPort);
try {
  await stack.configure({ model: quickModel, gate: {} });
  const up = await stack.up();
  if (up.code !== 0) throw new Error(up.output);
  const { predictUrl } = await stack.outputs();
  for (const measurement of measurements) {
    const ours = await measured(predictUrl, measurement);
    report(`updraft, ${measurement.clients} connections`, ours);
    if (!peer) continue;
    const theirs = await measured(peerUrl, measurement);
    report(`FastAPI with ONNX Runtime, ${measurement.clients} connections`, theirs);
    const ratio = ours.requestsPerSecond / theirs.requestsPerSecond;
    console.log(`ratio of requests/s: ${ratio.toFixed(2)}`);
  }
} finally {
  await peer?.stop();
  await stack.cleanUp();
}

/** The second of two runs: the first one warms up. */
async function measured(
  url: string,
  measurement: { clients: number; requests: number },
): Promise<Load> {
  await load(url, body, { ...measurement, requests: measurement.requests / 5 });
  return load(url, body, measurement);
}

function report(what: string, seen: Load): void {
  console.log(
    `${what}: p50 ${seen.p50Milliseconds.toFixed(2)} ms, p99 ${seen.p99Milliseconds.toFixed(2)} ms, ${Math.round(seen.requestsPerSecond)} requests/s`,
  );
}
