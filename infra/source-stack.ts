import * as pulumi from "@pulumi/pulumi";
import { stacksOfBackend } from "./stacks-of-backend.ts";

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
  const listed = await stacksOfBackend("project");
  const known = listed?.map((name) => name.split("/").at(-1) ?? name);
  if (known === undefined || known.includes(source)) return undefined;
  const others = known.filter((name) => name !== stack);
  const there = others.length === 0 ? "there is no other" : `there are ${others.join(", ")}`;
  return `updraft:promotion.fromStack: there is no stack ${source} in this backend (${there}); bring it up first, or name another`;
}
