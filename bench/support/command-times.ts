import type { CommandResult } from "@updraft/tests/pulumi-stack";

const repetitions = 3;

/** How long a command takes, in seconds. @throws with its output if it fails */
export async function seconds(command: () => Promise<CommandResult>): Promise<number> {
  const started = performance.now();
  const { code, output } = await command();
  if (code !== 0) throw new Error(output);
  return (performance.now() - started) / 1000;
}

/** The same three times, the quickest first. */
export async function series(command: () => Promise<CommandResult>): Promise<number[]> {
  const times: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    times.push(await seconds(command));
  }
  return times.toSorted((a, b) => a - b);
}

/**
 * Prints a line: median, spread, target.
 * @param sorted seconds, the quickest first
 * @param target seconds
 */
export function report(what: string, sorted: readonly number[], target?: number): void {
  const [fastest, slowest] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const spread = sorted.length > 1 ? ` (${fastest.toFixed(1)} to ${slowest.toFixed(1)})` : "";
  const goal = target === undefined ? "" : `, target ${target} s`;
  console.log(`${what}: ${median.toFixed(1)} s${spread}${goal}`);
}
