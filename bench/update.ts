import { TestStack } from "@updraft/tests/test-stack";
import { report, seconds, series } from "./support/command-times.ts";

// How long a preview and a retraining update take, with the defaults that a stranger gets.
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
