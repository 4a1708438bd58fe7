import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Registry } from "prom-client";
import type { Engine, Network } from "../engines/engine.ts";
import { createWasmEngine } from "../engines/wasm-engine.ts";
import { type TinyPackageOptions, writeTinyPackage } from "../fixtures.ts";
import { startServer } from "../server-under-test.ts";
import { createCandidateMetrics } from "../watching/candidate-metrics.ts";
import { agreements, Candidate, type CandidateOptions, checkFits, lotOf } from "./candidate.ts";
import { loadServedModel } from "./served-model.ts";

const written = async (options: TinyPackageOptions = {}) =>
  writeTinyPackage(await mkdtemp(join(tmpdir(), "updraft-candidate-")), options);

/** An engine whose networks answer their example, and then what the test says. */
async function engineThat(predict: Network["predict"]): Promise<Engine> {
  const wasm = await createWasmEngine();
  return {
    name: "test",
    async load(content) {
      const network = await wasm.load(content);
      let isFirst = true;
      return {
        dispose: () => network.dispose(),
        predict(batch, size) {
          if (!isFirst) return predict(batch, size);
          isFirst = false;
          return network.predict(batch, size);
        },
      };
    },
  };
}

/** A server of version 7 with version 8 as its candidate. */
async function serverWith(
  options: Partial<CandidateOptions>,
  { engine, ...content }: TinyPackageOptions & { readonly engine?: Engine } = {},
) {
  const server = await startServer();
  onTestFinished(() => void server.close());
  const registry = new Registry();
  const labels = { model: "sums", version: "7", candidate: "8" };
  const model = await loadServedModel(
    { name: "sums", version: "8", ...(await written(content)) },
    engine ?? (await createWasmEngine()),
    undefined,
    { maxQueueSize: options.mode === "canary" ? 64 : 1 },
  );
  server.models.slot("sums").candidate = new Candidate(model, {
    mode: "shadow",
    share: 1,
    counts: createCandidateMetrics([registry])(labels),
    logger: pino({ level: "silent" }),
    ...options,
  });
  const counted = (name: string) => registry.getSingleMetricAsString(name);
  return { ...server, counted };
}

async function ask(base: string, id = "one", path = "sums") {
  const answer = await fetch(`${base}/v2/models/${path}/infer`, {
    method: "POST",
    headers: { "x-request-id": id },
    body: '{"inputs":[{"name":"image","shape":[1,2,2,1],"datatype":"FP32","data":[1,2,3,4]}]}',
  });
  const { model_version: version, outputs } = (await answer.json()) as {
    model_version: string;
    outputs: { data: number[] }[];
  };
  return [answer.status, version, outputs?.[0]?.data[0]];
}

const series = (name: string, value: number, more = "") =>
  `${name}{model="sums",version="7",candidate="8"${more}} ${value}`;

describe("a candidate in the shadow", () => {
  it("answers in silence, and is counted as agreeing or not", async () => {
    for (const [factor, agrees] of [
      [3, "true"],
      [-1, "false"],
    ] as const) {
      const { base, counted } = await serverWith({}, { factor });
      for (const id of ["a", "b", "c"]) expect(await ask(base, id)).toEqual([200, "7", 10]);
      await vi.waitFor(async () =>
        expect(await counted("candidate_agreement_total")).toContain(
          series("candidate_agreement_total", 3, `,agrees="${agrees}"`),
        ),
      );
      expect(await counted("candidate_latency_seconds")).toContain(
        series("candidate_latency_seconds_count", 3),
      );
    }
  });

  it("fails nothing by failing, and keeps nobody waiting", async () => {
    const failing = await engineThat(() => Promise.reject(new Error("out of memory")));
    const { base, counted } = await serverWith({}, { engine: failing });
    expect(await ask(base)).toEqual([200, "7", 10]);
    await vi.waitFor(async () =>
      expect(await counted("candidate_errors_total")).toContain(
        series("candidate_errors_total", 1),
      ),
    );
    expect(await ask(base)).toEqual([200, "7", 10]);
  });

  it("drops what it cannot keep up with", async () => {
    const stuck = await engineThat(() => new Promise(() => undefined));
    const { base, counted } = await serverWith({}, { engine: stuck });
    for (const id of ["a", "b", "c", "d"]) expect(await ask(base, id)).toEqual([200, "7", 10]);
    await vi.waitFor(async () =>
      expect(await counted("candidate_dropped_total")).toContain(
        series("candidate_dropped_total", 2),
      ),
    );
  });

  it("is none that a client can ask", async () => {
    const { base } = await serverWith({});
    expect((await ask(base, "one", "sums/versions/8"))[0]).toBe(404);
  });
});

describe("a canary", () => {
  it("answers its share, the same requests each time, and is told by its version", async () => {
    const { base } = await serverWith({ mode: "canary", share: 0.5 }, { factor: 3 });
    const ids = Array.from({ length: 40 }, (_, index) => `request-${index}`);
    const first = await Promise.all(ids.map((id) => ask(base, id)));
    expect(await Promise.all(ids.map((id) => ask(base, id)))).toEqual(first);
    const kinds = new Set(first.map((answer) => JSON.stringify(answer)));
    expect([...kinds].toSorted()).toEqual(['[200,"7",10]', '[200,"8",30]']);
    const text = await (await fetch(`${base}/metrics`)).text();
    const asked = 2 * first.filter(([, version]) => version === "8").length;
    expect(text).toContain(
      `prediction_requests_total{model="sums",version="8",status="200"} ${asked}\n`,
    );
  });

  it("answers or does not where the client says which version it wants", async () => {
    const { base } = await serverWith({ mode: "canary", share: 1 }, { factor: 3 });
    expect(await ask(base)).toEqual([200, "8", 30]);
    expect(await ask(base, "one", "sums/versions/7")).toEqual([200, "7", 10]);
    expect(await ask(base, "one", "sums/versions/8")).toEqual([200, "8", 30]);
  });
});

describe("lotOf", () => {
  it("draws evenly", () => {
    const lots = Array.from({ length: 10_000 }, (_, index) => lotOf("seed", `id-${index}`));
    const share = lots.filter((lot) => lot < 0.1).length / lots.length;
    expect(share).toBeGreaterThan(0.09);
    expect(share).toBeLessThan(0.11);
  });
});

describe("agreements", () => {
  const values = Float32Array.of(1, 2, 4, 3);

  it("are of the same class where there are labels", () => {
    const output = { name: "p", datatype: "FP32" as const, shape: [-1, 2], labels: ["a", "b"] };
    expect(agreements(output, values, Float32Array.of(0, 9, 0, 9), 2)).toBe(1);
  });

  it("are of values that hardly differ where there are none", () => {
    const output = { name: "y", datatype: "FP32" as const, shape: [-1, 2] };
    expect(agreements(output, values, Float32Array.of(1.0005, 2, 4, 3.1), 2)).toBe(1);
    expect(agreements(output, values, Float32Array.of(Number.NaN, 2, 4, 3), 2)).toBe(1);
  });
});

it("a candidate that takes something else is refused", async () => {
  const engine = await createWasmEngine();
  const load = async (version: string, options: TinyPackageOptions) =>
    loadServedModel({ name: "sums", version, ...(await written(options)) }, engine);
  const graph = await load("8", { format: "graph-model" });
  expect(() => checkFits(graph, graph)).not.toThrow();
  const layers = await load("7", {});
  expect(() => checkFits(graph, layers)).toThrow(
    'version 8 has the input "image": FP32 [-1, 4], and version 7, which serves, "image": FP32 [-1, 2, 2, 1]; a candidate must have the same',
  );
});

it("a server starts with the candidate that its variables name, or loudly without it", async () => {
  const [active, candidate] = [await written(), await written({ factor: 3 })];
  for (const [digest, said] of [
    [candidate.digest, '"msg":"the candidate is ready"'],
    [active.digest, 'the candidate 8 of \\"sums\\" was refused'],
  ] as const) {
    const child = spawn(process.execPath, [join(import.meta.dirname, "..", "main.ts")], {
      env: {
        PATH: process.env["PATH"] ?? "",
        PORT: "0",
        MODELS: JSON.stringify([
          {
            name: "sums",
            version: "7",
            ...active,
            candidate: { version: "8", uri: candidate.uri, digest, mode: "canary", share: 1 },
          },
          { name: "other", version: "1", ...candidate },
        ]),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let log = "";
    child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
    await vi.waitFor(() => expect(log).toContain(said), { timeout: 20_000 });
    const base = `http://127.0.0.1:${/"port":(\d+)/.exec(log)?.[1]}`;
    const expected = digest === candidate.digest ? [200, "8", 30] : [200, "7", 10];
    await vi.waitFor(async () => expect(await ask(base)).toEqual(expected), { timeout: 20_000 });
    expect((await fetch(`${base}/ready`)).status).toBe(200);
    expect(await ask(base, "one", "other")).toEqual([200, "1", 30]);
  }
});
