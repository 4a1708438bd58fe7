import type { Dataset, Examples } from "@updraft/models/dataset";

/** The same dataset, in which every example says where it comes from. */
export function withOrigins({ train, test }: Dataset): Dataset {
  return {
    train: named(train, "training example"),
    ...(test ? { test: named(test, "test example") } : {}),
  };
}

/** Where an example comes from: a line of a file, or its number from 0. */
export function originIn({ originOf }: Examples, index: number): string {
  return originOf?.(index) ?? `example ${index}`;
}

function named(examples: Examples, what: string): Examples {
  return { ...examples, originOf: examples.originOf ?? ((index) => `${what} ${index}`) };
}
