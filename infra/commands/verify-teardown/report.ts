import type { Findings, Leftover } from "./leftover.ts";

/** What a person reads of a search. */
export function report(stack: string, { leftovers, kept, unseen }: Findings): string {
  const lines = [
    ...section("kept on purpose", kept),
    ...(unseen.length === 0 ? [] : ["could not be looked at:", ...unseen.map(indented)]),
  ];
  if (leftovers.length === 0)
    return [`Nothing is left of the stack ${stack}.`, ...lines].join("\n");
  const count = leftovers.length === 1 ? "1 thing is" : `${leftovers.length} things are`;
  return [`${count} left of the stack ${stack}:`, ...rows(leftovers), ...lines].join("\n");
}

function section(title: string, leftovers: readonly Leftover[]): string[] {
  return leftovers.length === 0 ? [] : [`${title}:`, ...rows(leftovers)];
}

function rows(leftovers: readonly Leftover[]): string[] {
  return leftovers.flatMap(({ kind, name, where, remedy }) => {
    const line = indented(`${kind} ${name}: ${where}`);
    return remedy.startsWith("goes with ")
      ? [`${line}; ${remedy}`]
      : [line, indented(`  remove it: ${remedy}`)];
  });
}

function indented(line: string): string {
  return `  ${line}`;
}
