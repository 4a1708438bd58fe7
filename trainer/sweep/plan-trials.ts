import type {
  Sweep,
  SweepParameter,
  SweepRange,
  SweepTrial,
  SweepValue,
} from "@updraft/contracts/sweep";
import type { Random } from "@updraft/models/model-definition";
import { createRandom } from "../random.ts";

/** How often is drawn before there are surely not enough different trials. */
const mostDraws = 100_000;

/**
 * Digits of a number that is drawn: so few that the last bits of a logarithm, in which machines
 * differ, do not show.
 */
const significantDigits = 6;

/**
 * The trials of a sweep, no two of them alike: the same ones for the same sweep, in whatever order
 * its parameters are given.
 * @throws if fewer different trials can be drawn than are wanted
 */
export function planTrials(
  sweep: Pick<Sweep, "strategy" | "trials" | "parameters" | "seed">,
): SweepTrial[] {
  const parameters = Object.entries(sweep.parameters).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (sweep.strategy === "grid") return combinations(parameters);
  return drawnTrials(parameters, sweep.trials ?? 0, sweep.seed);
}

/** Every combination; the last parameter changes fastest. */
function combinations(parameters: readonly (readonly [string, SweepParameter])[]): SweepTrial[] {
  let trials: SweepTrial[] = [{}];
  for (const [name, values] of parameters) {
    const list = Array.isArray(values) ? values : [];
    trials = trials.flatMap((trial) => list.map((value) => ({ ...trial, [name]: value })));
  }
  return trials;
}

function drawnTrials(
  parameters: readonly (readonly [string, SweepParameter])[],
  count: number,
  seed: number,
): SweepTrial[] {
  const sources = parameters.map(([name, parameter]) => ({
    name,
    parameter,
    random: createRandom(seed, `sweep/${name}`),
  }));
  const trials = new Map<string, SweepTrial>();
  for (let draws = 0; trials.size < count && draws < mostDraws; draws += 1) {
    const trial = Object.fromEntries(
      sources.map(({ name, parameter, random }) => [name, drawn(parameter, random)]),
    );
    const key = JSON.stringify(trial);
    if (!trials.has(key)) trials.set(key, trial);
  }
  if (trials.size === count) return [...trials.values()];
  throw new Error(
    `the parameters give ${trials.size} different trials; lower trials, or give more values`,
  );
}

function drawn(parameter: SweepParameter, random: Random): SweepValue {
  const share = random();
  if (!Array.isArray(parameter)) return drawnNumber(parameter, share);
  return parameter[Math.floor(share * parameter.length)] ?? "";
}

function drawnNumber({ min, max, scale, integer }: SweepRange, share: number): number {
  // Whole numbers own the span around them, so that the ends are as likely as the others.
  const [low, high] = integer ? [min - 0.5, max + 0.5] : [min, max];
  const value =
    scale === "log"
      ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))
      : low + share * (high - low);
  const rounded = integer ? Math.round(value) : Number(value.toPrecision(significantDigits));
  return Math.min(max, Math.max(min, rounded));
}
