import { TestStack } from "@updraft/tests/test-stack";

// How long a preview and a retraining update take, with the defaults that a stranger gets.
const repetitions = 3;

const stack = await TestStack.create("bench");
try {
  await stack.configure({ model: {}, gate: { minAccuracy: 0.98 } });
  const first = await seconds(() => stack.up());
  const { metrics } = await stack.outputs();
  report("first up (tracker, training, gate, registry, inference)", [first], 60);
  report("preview", await series(() => stack.preview()), 6);
  report("up that retrains", await series(() => stack.up()), 60);
  await stack.configure({ model: { retrain: "on-change" }, gate: { minAccuracy: 0.98 } });
  report("up with nothing changed", await series(() => stack.up()));
  report("destroy", [await seconds(() => stack.destroy())]);
  console.log(`accuracy on the test split: ${metrics["accuracy"]}`);
} finally {
  await stack.cleanUp();
}

async function series(command: () => ReturnType<TestStack["up"]>): Promise<number[]> {
  const times: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    times.push(await seconds(command));
  }
  return times.toSorted((a, b) => a - b);
}

async function seconds(command: () => ReturnType<TestStack["up"]>): Promise<number> {
  const started = performance.now();
  const { code, output } = await command();
  if (code !== 0) throw new Error(output);
  return (performance.now() - started) / 1000;
}

function report(what: string, sorted: readonly number[], target?: number): void {
  const [fastest, slowest] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const spread = sorted.length > 1 ? ` (${fastest.toFixed(1)} to ${slowest.toFixed(1)})` : "";
  const goal = target === undefined ? "" : `, target ${target} s`;
  console.log(`${what}: ${median.toFixed(1)} s${spread}${goal}`);
}
