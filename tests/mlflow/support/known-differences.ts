/** What a script saw, by the names that it gave. */
export type Seen = Record<string, unknown>;

/** One place where this tracker answers otherwise than MLflow, on purpose. */
export interface KnownDifference {
  /** Names, from the outermost inwards. */
  readonly at: readonly string[];
  readonly theirs: unknown;
  readonly ours: unknown;
  readonly reason: string;
}

/** By script of `clients/`. */
export const knownDifferences = {
  lifecycle: [
    {
      at: ["experiments", "delete twice"],
      theirs: "RESOURCE_DOES_NOT_EXIST",
      ours: "nothing was raised",
      reason: "whoever lost the first answer asks again, and what was asked for is the case",
    },
    {
      at: ["experiments", "restore active"],
      theirs: "RESOURCE_DOES_NOT_EXIST",
      ours: "nothing was raised",
      reason: "the same",
    },
    {
      at: ["experiments", "name taken"],
      theirs: "BAD_REQUEST",
      ours: "RESOURCE_ALREADY_EXISTS",
      reason: "the code that creating it has; MLflow lets the database's message through",
    },
    {
      at: ["orders", "tags.a.b-c DESC"],
      theirs: "INVALID_PARAMETER_VALUE",
      ours: "edcba",
      reason: "a filter may name this tag without quotes, so an order may too",
    },
    {
      at: ["refused filters", "metrics.a > 1 AND"],
      theirs: "nothing was raised",
      ours: "INVALID_PARAMETER_VALUE",
      reason: "a filter that was cut off would find more than was asked for",
    },
  ],
  registry: [
    {
      at: ["stages", "archive into none"],
      theirs: "INTERNAL_ERROR",
      ours: "INVALID_PARAMETER_VALUE",
      reason: "a user's mistake is no error of the server, which clients repeat for minutes",
    },
    {
      at: ["aliases", "in a search"],
      theirs: [
        ["1", []],
        ["2", []],
        ["3", []],
      ],
      ours: [
        ["1", ["b"]],
        ["2", ["a"]],
        ["3", ["A"]],
      ],
      reason: "MLflow leaves the aliases out of what a search finds",
    },
  ],
  models: [
    {
      at: ["logged models", "by status"],
      theirs: [[], []],
      ours: [["model", "external"], ["pending"]],
      reason: "MLflow keeps a number and compares it with the word",
    },
    {
      at: ["logged models", "of a dataset"],
      theirs: [],
      ours: ["model"],
      reason: "MLflow takes a digest that was not given for an empty one",
    },
    {
      at: ["logged models", "bad", "1"],
      theirs: "INTERNAL_ERROR",
      ours: "INVALID_PARAMETER_VALUE",
      reason: "a user's mistake is no error of the server, which clients repeat for minutes",
    },
  ],
  prompts: [],
} satisfies Record<string, readonly KnownDifference[]>;

/**
 * What this tracker must answer if MLflow answers this.
 * @throws if MLflow no longer answers as a difference says
 */
export function withDifferences(theirs: Seen, differences: readonly KnownDifference[]): Seen {
  const result = structuredClone(theirs);
  for (const difference of differences) {
    const { at, ours } = difference;
    const parent = at.slice(0, -1).reduce<unknown>((value, name) => memberOf(value, name), result);
    const last = at.at(-1) ?? "";
    const actual = JSON.stringify(memberOf(parent, last));
    if (actual !== JSON.stringify(difference.theirs)) {
      throw new Error(`MLflow answers ${at.join(" → ")} with ${actual}; correct the difference`);
    }
    (parent as Seen)[last] = ours;
  }
  return result;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Seen)[name] : undefined;
}
