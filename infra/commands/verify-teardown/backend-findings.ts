import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { checkout } from "../../checkout.ts";
import { openWorkspace } from "../support/project.ts";
import { nothingFound, type Findings, type Leftover } from "./leftover.ts";

/** The file backend of this clone, which `npm run down` takes empty stacks out of. */
const ownBackend = pathToFileURL(join(checkout, ".updraft", "pulumi")).href;

const State = z.object({ resources: z.array(z.unknown()).nullish() }).nullish();

/**
 * What the backend has of a stack. One without resources stays in a backend that is shared with
 * others: its history is theirs too.
 * @param isBeingTakenDown whether the empty stack is removed by whoever asks
 */
export async function backendFindings(stack: string, isBeingTakenDown: boolean): Promise<Findings> {
  const workspace = await openWorkspace();
  const summaries = await workspace.listStacks();
  const names = summaries.map(({ name }) => name);
  const name = names.find((found) => found === stack || found.split("/").at(-1) === stack);
  if (name === undefined) return nothingFound;
  const { deployment } = await workspace.exportStack(name);
  const resources = State.parse(deployment)?.resources?.length ?? 0;
  const left = stackLeftover(stack, resources);
  if (resources > 0) return { ...nothingFound, leftovers: [left] };
  if (isBeingTakenDown) return nothingFound;
  const isOwn = backendUrl() === ownBackend;
  return isOwn ? { ...nothingFound, leftovers: [left] } : { ...nothingFound, kept: [left] };
}

function stackLeftover(stack: string, resources: number): Leftover {
  const backend = backendUrl() ?? "the backend that Pulumi is logged in to";
  return {
    kind: "stack",
    name: stack,
    where:
      resources > 0
        ? `in ${backend}, with ${resources} resources`
        : `in ${backend}, empty but for its history`,
    remedy:
      resources > 0
        ? `npm run down -- --stack ${stack}`
        : `npm run pulumi -- stack rm ${stack} --yes --preserve-config`,
    isGoing: false,
  };
}

/** Its address, without the options of how it is read and written. */
function backendUrl(): string | undefined {
  return process.env["PULUMI_BACKEND_URL"]?.replace(/\?.*$/, "");
}
