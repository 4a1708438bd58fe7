import { z } from "zod";

/** What the state of a stack says about taking it down. */
export interface Holdings {
  /** Names of the resources that refuse to be deleted. */
  readonly protectedNames: readonly string[];
  /** Folders of stacks of target local: their processes are on the machine that has them. */
  readonly folders: readonly string[];
}

const Deployment = z.object({
  resources: z
    .array(
      z.object({
        urn: z.string(),
        type: z.string(),
        protect: z.boolean().default(false),
        outputs: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .default([]),
});

/** @param deployment of an exported stack; nothing has been deployed where it is null */
export function holdingsOf(deployment: unknown): Holdings {
  const { resources } = Deployment.parse(deployment ?? {});
  return {
    protectedNames: resources.flatMap(({ protect, urn }) => (protect ? [nameIn(urn)] : [])),
    folders: resources.flatMap(({ type, outputs }) => {
      const path = outputs["path"];
      return type === "updraft:local:Folder" && typeof path === "string" ? [path] : [];
    }),
  };
}

function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
