import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { peersFolder, virtualEnvironment } from "./virtual-environment.ts";

/** What a contestant is told: the same for all. */
export interface ContestantOptions {
  /** Folder with MNIST's four files, gzipped. */
  readonly folder: string;
  /** How many of the training digits are used. */
  readonly count: number;
  readonly batch: number;
  readonly epochs: number;
  /** Highest learning rate of the one-cycle schedule, with Adam. */
  readonly rate: number;
  readonly dropout: number;
  readonly seed: number;
}

const Epoch = z.object({
  epoch: z.int(),
  /** Of the training steps alone, without the judging after them. */
  seconds: z.number(),
  /** Trained on in these seconds. */
  images: z.number(),
  /** On the 10,000 test digits after the epoch. */
  accuracy: z.number(),
});
const Line = z.union([Epoch, z.object({ peakBytes: z.number() })]);

/** What a contestant did. */
export interface Performance {
  /** With the time from the start of the process at which the epoch was judged, in seconds. */
  readonly epochs: readonly (z.infer<typeof Epoch> & { readonly judgedAfter: number })[];
  /** The most memory that the process had. */
  readonly peakBytes: number;
}

/** Trains the reference network in a process of its own. */
export type Contestant = (options: ContestantOptions) => Promise<Performance>;

/** Ours, and the peers that can be had. */
export async function contestants(): Promise<ReadonlyMap<string, Contestant>> {
  const ours = performer(process.execPath, join(import.meta.dirname, "train-reference.ts"));
  const programs = await virtualEnvironment("frameworks-requirements.txt");
  if (!programs) return new Map([["Updraft", ours]]);
  const python = join(programs, "python");
  return new Map([
    ["Updraft", ours],
    ["Keras", performer(python, join(peersFolder, "train_keras.py"))],
    ["PyTorch", performer(python, join(peersFolder, "train_torch.py"))],
  ]);
}

function performer(program: string, script: string): Contestant {
  return async (options) => {
    const started = performance.now();
    const child = spawn(program, [script, JSON.stringify(options)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    // TensorFlow says much there that nobody has to know, unless it fails.
    const said = text(child.stderr);
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    const epochs: Performance["epochs"][number][] = [];
    let peakBytes = Number.NaN;
    for await (const json of createInterface({ input: child.stdout })) {
      const line = Line.parse(JSON.parse(json));
      if ("peakBytes" in line) peakBytes = line.peakBytes;
      else epochs.push({ ...line, judgedAfter: (performance.now() - started) / 1000 });
    }
    const code = await ended;
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${await said}`);
    return { epochs, peakBytes };
  };
}
