import { parseArgs } from "node:util";
import { type Contestant, contestants, type ContestantOptions } from "./support/contestants.ts";
import { heading, valueLine } from "./support/side-by-side.ts";

// How fast a network is trained, beside Keras (as a graph) and PyTorch (eager): the same network
// (two convolutions of 32 and 64 filters of 3 x 3, a dense layer of 128, dropout), the same digits,
// batches, optimizer (Adam) and learning rates (one cycle), in turns, each in a process of its own.
//
//   npm run bench -- training --data <folder with MNIST's four .gz files> [--rounds 3]
const { values: given } = parseArgs({
  options: {
    data: { type: "string", default: process.env["MNIST_DIR"] ?? "" },
    rounds: { type: "string", default: "3" },
  },
});
if (given.data === "") {
  console.error("usage: npm run bench -- training --data <folder>, or set MNIST_DIR");
  process.exit(2);
}

/** A bold way to be quick, and a safe one; what counts is the best of each contestant. */
const recipes = [
  { epochs: 1, batch: 64, rate: 0.01, dropout: 0 },
  { epochs: 2, batch: 128, rate: 0.004, dropout: 0 },
];
const rounds = Number(given.rounds);
const common = { folder: given.data, dropout: 0.5, rate: 0.004, seed: 1 };
const all = await contestants();
console.log(heading([...all.keys()]));
for (const batch of [128, 256]) await throughput({ ...common, batch, count: 20_000, epochs: 2 });
for (const recipe of recipes) await timeTo(0.99, { ...common, count: 60_000, ...recipe });

/** Images a second in the second epoch: the first one builds graphs and fills caches. */
async function throughput(options: ContestantOptions): Promise<void> {
  const seen = await inTurns(async (contestant, round) => {
    const { epochs, peakBytes } = await contestant({ ...options, seed: round });
    const second = epochs[1];
    return { rate: second ? second.images / second.seconds : Number.NaN, peakBytes };
  });
  const what = `training, batch ${options.batch}`;
  const row = (pick: (one: { rate: number; peakBytes: number }) => number) =>
    new Map([...seen].map(([name, list]) => [name, median(list.map(pick))]));
  console.log(
    valueLine(
      what,
      row(({ rate }) => rate),
      { unit: "images/s", better: "higher" },
    ),
  );
  const memory = row(({ peakBytes }) => peakBytes / 2 ** 20);
  console.log(valueLine("  memory at most", memory, { unit: "MiB", better: "lower" }));
}

/** From the start of the process until an epoch is judged to be this good. */
async function timeTo(accuracy: number, options: ContestantOptions): Promise<void> {
  const seen = await inTurns(async (contestant, round) => {
    const { epochs } = await contestant({ ...options, seed: round });
    const first = epochs.find((epoch) => epoch.accuracy >= accuracy);
    return { after: first?.judgedAfter ?? Infinity, final: epochs.at(-1)?.accuracy ?? Number.NaN };
  });
  const row = (pick: (one: { after: number; final: number }) => number) =>
    new Map([...seen].map(([name, list]) => [name, median(list.map(pick))]));
  const what = `until ${accuracy}, batches of ${options.batch}, epochs: ${options.epochs}`;
  console.log(
    valueLine(
      what,
      row(({ after }) => after),
      { unit: "s", better: "lower" },
    ),
  );
  const errors = row(({ final }) => 10_000 * (1 - final));
  console.log(valueLine("  misread in the end", errors, { unit: "digits", better: "lower" }));
}

/** Lets each contestant perform in each round, one after another. */
async function inTurns<T>(
  perform: (contestant: Contestant, round: number) => Promise<T>,
): Promise<Map<string, T[]>> {
  const seen = new Map<string, T[]>([...all.keys()].map((name) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, contestant] of all) seen.get(name)?.push(await perform(contestant, round));
  }
  return seen;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
