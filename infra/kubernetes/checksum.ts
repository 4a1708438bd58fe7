import * as pulumi from "@pulumi/pulumi";
import { sha256 } from "@updraft/contracts/digest";

/** The annotation with which pods roll when a Secret or ConfigMap of theirs has other content. */
export const checksumAnnotation = "updraft.dev/config";

/**
 * Changes with the values. It is no secret though they may be: nobody finds a value of that length
 * by its digest.
 */
export function checksumOf(
  values: Readonly<Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
  const entries = pulumi.output(values).apply((plain) =>
    Object.entries(plain)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, value]),
  );
  return pulumi.unsecret(entries.apply((plain) => `sha256:${sha256(JSON.stringify(plain))}`));
}
