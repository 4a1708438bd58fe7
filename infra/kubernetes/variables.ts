import type * as pulumi from "@pulumi/pulumi";

/** A variable of a container: a value, or a place where the cluster keeps it. */
export type Variable =
  | { readonly name: string; readonly value: pulumi.Input<string> }
  | {
      readonly name: string;
      readonly valueFrom: {
        readonly secretKeyRef: { readonly name: string; readonly key: string };
      };
    };

/** Values by name as a container lists them, in the order of the names. */
export function variables(values: Readonly<Record<string, pulumi.Input<string>>>): Variable[] {
  return Object.entries(values)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
}

/** A variable with the value that a Secret has under a key. */
export function secretVariable(name: string, secret: string, key = name): Variable {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
