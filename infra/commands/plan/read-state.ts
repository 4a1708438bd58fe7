import { jsonIn } from "@updraft/contracts/mlflow-answer";
import { Release } from "@updraft/contracts/release";
import { z } from "zod";

const StateResource = z.object({
  urn: z.string(),
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
  created: z.iso.datetime({ offset: true }).optional(),
  modified: z.iso.datetime({ offset: true }).optional(),
});
/** A resource as Pulumi's state has it; what is secret is encrypted. */
export type StateResource = z.infer<typeof StateResource>;

const Exported = z.object({
  deployment: z.object({
    resources: z.array(StateResource).nullish(),
    pending_operations: z
      .array(z.object({ type: z.string(), resource: z.object({ urn: z.string() }) }))
      .nullish(),
  }),
});

const Outputs = z.object({
  url: z.string().optional(),
  trackerUrl: z.string().optional(),
  runUrl: z.string().optional(),
  expiresAt: z.string().nullish(),
  release: z.unknown(),
});

/** What a stack is and tells. */
export interface StackState {
  readonly resources: readonly StateResource[];
  /** What an update was about when it was last heard of: `creating`, and the resource. */
  readonly pending: readonly { readonly operation: string; readonly urn: string }[];
  readonly url: string | undefined;
  readonly trackerUrl: string | undefined;
  readonly runUrl: string | undefined;
  readonly expiresAt: string | undefined;
  /** What serves; nothing before the first release. */
  readonly release: Release | undefined;
  /** Why a release that there is could not be read. */
  readonly unreadableRelease: string | undefined;
}

/**
 * Reads what `pulumi stack export` prints.
 * @throws if it is something else
 */
export function parseState(text: string): StackState {
  const { deployment } = Exported.parse(jsonIn(text));
  const resources = deployment.resources ?? [];
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const outputs = Outputs.safeParse(stack?.outputs ?? {}).data;
  const release = Release.safeParse(outputs?.release);
  const isThere = outputs?.release !== undefined && outputs.release !== null;
  return {
    resources,
    pending: (deployment.pending_operations ?? []).map(({ type, resource }) => ({
      operation: type,
      urn: resource.urn,
    })),
    url: outputs?.url,
    trackerUrl: outputs?.trackerUrl,
    runUrl: outputs?.runUrl,
    expiresAt: outputs?.expiresAt ?? undefined,
    release: release.data,
    unreadableRelease: isThere && release.error ? z.prettifyError(release.error) : undefined,
  };
}
