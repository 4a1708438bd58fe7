import { model } from "@updraft/models/digits";
import { expect, it } from "vitest";
import { helpText } from "./help.ts";
import { generalOptions, hyperparameterOptions } from "./options.ts";

it("names every dataset, every flag with its variable, and every exit code", () => {
  const help = helpText(model, ["digits", "iris"]);
  const lines = help.split("\n");
  const rows = [...generalOptions, ...hyperparameterOptions(model)];
  const missing = rows.filter(
    ({ flag, variable }) =>
      !lines.some(
        (line) =>
          line.startsWith(flag === undefined ? "   " : `  --${flag} `) &&
          line.includes(` ${variable} `),
      ),
  );
  expect(missing).toEqual([]);
  expect(help).toContain("  digits, iris; this is the help for --model digits");
  expect(help).toMatch(/^ {2}mnist-10k {2,}10,000 of MNIST's .* \(default\)$/m);
  expect(help).toMatch(/^ {2}file:\/\/\/<folder> {2,}train-images-idx3-ubyte, /m);
  expect(help).toMatch(
    /how weights follow from their gradients; one of sgd, momentum, rmsprop, adam, adamw \(default: adamw\)$/m,
  );
  expect(help).toContain(
    "0 released, 1 failed or cancelled, 2 bad settings, 3 data rejected, 4 gate failed",
  );
});
