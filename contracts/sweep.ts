import { z } from "zod";

/** How many trials a sweep has at most. */
export const mostTrials = 200;

/** A span of numbers that trials draw from. */
export const SweepRange = z
  .strictObject({
    /** Smallest value that is drawn. */
    min: z.number(),
    /** Largest value that is drawn. */
    max: z.number(),
    /** `log` draws as many values from 0.001 to 0.01 as from 0.01 to 0.1. @default "linear" */
    scale: z.enum(["linear", "log"]).default("linear"),
    /** Whether only whole numbers are drawn. @default false */
    integer: z.boolean().default(false),
  })
  .superRefine(({ min, max, scale, integer }, context) => {
    const complain = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (max <= min) complain("max", `${max} is not above min, which is ${min}`);
    if (scale === "log" && min <= 0) complain("min", `${min} has no logarithm; raise it above 0`);
    if (!integer) return;
    for (const [key, value] of Object.entries({ min, max })) {
      if (!Number.isInteger(value)) complain(key, `${value} is not whole, as integer wants it`);
    }
  });
export type SweepRange = z.infer<typeof SweepRange>;

/** One value of a hyperparameter in a trial. */
export const SweepValue = z.union([z.number(), z.string(), z.boolean()], {
  error: "expected a number, a text, true or false",
});
export type SweepValue = z.infer<typeof SweepValue>;

const SweepValues = z
  .array(SweepValue)
  .min(1, { error: "expected at least one value" })
  .max(mostTrials, { error: `expected at most ${mostTrials} values` })
  .refine((values) => new Set(values).size === values.length, {
    error: "expected each value once",
  });

/** What a trial may set a hyperparameter to: one of a list, or what a range has. */
export const SweepParameter = z.union([SweepValues, SweepRange], { error: parameterProblem });
export type SweepParameter = z.infer<typeof SweepParameter>;

/**
 * Trials of a training with other hyperparameters, of which the best goes through the gate. Which
 * hyperparameters there are, the model knows; its schema checks every trial.
 */
export const Sweep = z
  .strictObject({
    /** `grid` tries every combination of lists; `random` draws from lists and ranges. */
    strategy: z.enum(["grid", "random"]),
    /**
     * How many trials are drawn. A grid has as many as there are combinations; for it this is the
     * most that there may be.
     */
    trials: z.int().min(1).max(mostTrials).optional(),
    /** How many trials run at once. @default 1 */
    parallelism: z.int().min(1).max(mostTrials).default(1),
    /** By name of the hyperparameter; the other ones are as the model's settings have them. */
    parameters: z.record(z.string().min(1), SweepParameter),
    /** What the best trial has the highest accuracy or the lowest loss of, in its best epoch. */
    metric: z.enum(["val_accuracy", "val_loss"]).default("val_accuracy"),
    /** What the drawing follows from; training has a seed of its own. @default 1 */
    seed: z.int().min(0).max(2_147_483_647).default(1),
  })
  .superRefine((sweep, context) => {
    for (const { path, message } of problemsOf(sweep)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  });
export type Sweep = z.infer<typeof Sweep>;

/** Hyperparameters of one trial: those that the sweep sets. */
export const SweepTrial = z.record(z.string(), SweepValue);
export type SweepTrial = z.infer<typeof SweepTrial>;

interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

function problemsOf({
  strategy,
  trials,
  parameters,
}: Pick<z.infer<typeof Sweep>, "strategy" | "trials" | "parameters">): Problem[] {
  const entries = Object.entries(parameters);
  if (entries.length === 0) {
    return [{ path: ["parameters"], message: "expected at least one hyperparameter" }];
  }
  if (strategy === "random") {
    return trials === undefined
      ? [{ path: ["trials"], message: "random needs to be told how many trials to draw" }]
      : [];
  }
  const ranges = entries.filter(([, parameter]) => !Array.isArray(parameter));
  if (ranges.length > 0) {
    return ranges.map(([name]) => ({
      path: ["parameters", name],
      message: "a grid needs a list of values; draw from ranges with the strategy random",
    }));
  }
  const most = trials ?? mostTrials;
  const count = gridSize(parameters);
  if (count <= most) return [];
  return [
    {
      path: trials === undefined ? ["parameters"] : ["trials"],
      message: `the grid has ${count} combinations, more than ${most}; shorten the lists, or draw with the strategy random`,
    },
  ];
}

/** How many combinations the lists of a grid have. */
export function gridSize(parameters: Readonly<Record<string, SweepParameter>>): number {
  const sizes = Object.values(parameters).map((values) =>
    Array.isArray(values) ? values.length : 1,
  );
  return sizes.reduce((product, size) => product * size, 1);
}

/** Says what is wrong with a parameter that is neither a list nor a range. */
function parameterProblem(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  const isObject = typeof input === "object" && input !== null;
  const [ofList = [], ofRange = []] = issue.code === "invalid_union" ? issue.errors : [];
  if (!isObject) {
    return 'expected a list such as [16, 32], or a range such as {"min": 1, "max": 9}';
  }
  return (Array.isArray(input) ? ofList : ofRange)
    .map(({ path, message }) => [...path.map(String), message].join(": "))
    .join("; ");
}
