import { z } from "zod";

/** Limits of a check; what is left out is not applied. */
const Limits = z.strictObject({
  /** Beyond it the data is used with a warning. */
  warn: z.number().min(0).optional(),
  /** Beyond it the data is rejected. */
  fail: z.number().min(0).optional(),
});
export type Limits = z.infer<typeof Limits>;

/** Both limits, or one number: the one beyond which the data is rejected. */
const Limit = z
  .union([z.number().min(0), Limits], {
    error: 'expected a number from 0 on, or an object such as {"warn": 0.01, "fail": 0.1}',
  })
  .transform((limit): Limits => (typeof limit === "number" ? { fail: limit } : limit));

/**
 * How good data must be to be trained on, check by check. A check that is left out has the limits
 * of {@link defaultQuality}. Shares are of all examples of the dataset, or of its training or test
 * examples where it says so, from 0 to 1.
 */
export const QualityRules = z.strictObject({
  missing: Limit.optional().describe(
    "most examples (a share) that lack a value or their label; they are left out",
  ),
  outOfRange: Limit.optional().describe(
    "most examples (a share) with values out of the input's range, infinite ones, or a label that is none; they are left out",
  ),
  perClass: Limit.optional().describe("fewest training examples of a class"),
  imbalance: Limit.optional().describe(
    "how many times as many training examples the largest class may have as the smallest",
  ),
  duplicates: Limit.optional().describe(
    "most training examples (a share) that are copies of an earlier one, input and label",
  ),
  conflicts: Limit.optional().describe(
    "most training examples (a share) of a classifier whose input has another label elsewhere",
  ),
  leakage: Limit.optional().describe(
    "most test examples (a share) whose input is among the training examples",
  ),
  drift: Limit.optional().describe(
    "how far the data may be from what the champion was trained on: the population stability index (PSI)",
  ),
});
/** As people and models write them. */
export type QualityRules = z.input<typeof QualityRules>;

/** A check that has limits. */
export type QualityRule = keyof QualityRules;

/** What counts where neither the model nor the settings say otherwise. */
export const defaultQuality = {
  missing: { fail: 0 },
  outOfRange: { fail: 0 },
  perClass: { fail: 3 },
  imbalance: { warn: 10 },
  duplicates: { warn: 0.05, fail: 0.5 },
  conflicts: { warn: 0, fail: 0.05 },
  leakage: { warn: 0, fail: 0.01 },
  drift: { warn: 0.2, fail: 0.5 },
} as const satisfies QualityRules;

/** The limits of every check. */
export type QualityLimits = Readonly<Record<QualityRule, Limits>>;

/** The limits of every check: of the last of some rules that names it, or the default ones. */
export function qualityLimits(...rules: readonly (QualityRules | undefined)[]): QualityLimits {
  return Object.assign(
    {},
    defaultQuality,
    ...rules.map((some) => QualityRules.parse(some ?? {})),
  ) as QualityLimits;
}
