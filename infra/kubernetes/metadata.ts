import type * as pulumi from "@pulumi/pulumi";
import { labelsOf, type Labels, type Part } from "./labels.ts";

/** Where a stack's objects are: an environment, or plain values. */
export interface Place {
  readonly stack: string;
  readonly namespace: pulumi.Input<string>;
}

/** What every object says of itself. */
export interface Metadata {
  readonly name: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Labels;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Name, namespace and labels of an object. @param name @default that of the part */
export function metadata(
  { stack, namespace }: Place,
  part: Omit<Part, "stack">,
  more: {
    readonly name?: pulumi.Input<string>;
    readonly annotations?: Readonly<Record<string, string>>;
  } = {},
): Metadata {
  const { name = part.name, annotations = {} } = more;
  return {
    name,
    namespace,
    labels: labelsOf({ ...part, stack }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}
