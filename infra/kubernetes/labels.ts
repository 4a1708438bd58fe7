/** What an object is a part of, in the words of Kubernetes' recommended labels. */
export interface Part {
  readonly stack: string;
  /** The program: `store`, `tracker`, `inference`. */
  readonly name: string;
  /** Its role in the platform: `storage`, `database`, `training`, `serving`. */
  readonly component: string;
}

export type Labels = Readonly<Record<string, string>>;

/** The label by which everything of a stack is found, in its namespace and outside of it. */
export const stackLabel = "updraft.dev/stack";

/**
 * The labels of every object of a part.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function labelsOf(part: Part, more: Labels = {}): Labels {
  return {
    ...selectorOf(part),
    "app.kubernetes.io/component": part.component,
    "app.kubernetes.io/part-of": "updraft",
    "app.kubernetes.io/managed-by": "pulumi",
    [stackLabel]: part.stack,
    ...more,
  };
}

/** The labels by which a part's pods are selected: those that never change. */
export function selectorOf({ name, stack }: Pick<Part, "name" | "stack">): Labels {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": stack };
}
