import type { V1LabelSelector } from "@kubernetes/client-node";

/** The labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** Whether a selector selects an object with these labels; an empty one selects all. */
export function selects(selector: V1LabelSelector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          throw new TypeError(`A label selector has the unknown operator ${operator}.`);
      }
    })
  );
}
