import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const Stacks = z.array(z.object({ name: z.string() }));

/**
 * What is wrong with the name of a stack that another one refers to; nothing if it is there, or
 * only the engine can tell. The engine's own words do not say which key is meant.
 * @param stack that refers to it
 */
export async function stackProblem(stack: string, source: string): Promise<string | undefined> {
  if (source === stack || source.endsWith(`/${pulumi.getProject()}/${stack}`)) {
    return `updraft:promotion.fromStack: ${source} is this stack; name the one that releases before it`;
  }
  // Where the program is only recorded, no backend is asked.
  if (source.includes("/") || process.env["UPDRAFT_RENDER"] === "true") return undefined;
  const known = await stacksOfProject();
  if (known === undefined || known.includes(source)) return undefined;
  const others = known.filter((name) => name !== stack);
  const there = others.length === 0 ? "there is no other" : `there are ${others.join(", ")}`;
  return `updraft:promotion.fromStack: there is no stack ${source} in this backend (${there}); bring it up first, or name another`;
}

/** Names of the project's stacks, without those of others; nothing if they cannot be listed. */
async function stacksOfProject(): Promise<string[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["stack", "ls", "--json"], {
      timeout: 30_000,
    });
    return Stacks.parse(JSON.parse(stdout)).map(({ name }) => name.split("/").at(-1) ?? name);
  } catch {
    return undefined;
  }
}
