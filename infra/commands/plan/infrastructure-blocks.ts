import { paragraph, type Block, type Item } from "./document.ts";
import { code, counted } from "./format-values.ts";
import type {
  ChangeKind,
  InfrastructureChanges,
  ResourceChange,
} from "./infrastructure-changes.ts";

const signs = { create: "+", update: "~", replace: "±", delete: "-" } as const;
const verbs: Readonly<Record<ChangeKind, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/** How many resources change, and each of them, by component. */
export function infrastructureBlocks({ counts, components }: InfrastructureChanges): Block[] {
  const told = (["create", "update", "replace", "delete"] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${verbs[kind]}`);
  const unchanged = `${counted(counts.same, "resource")} ${counts.same === 1 ? "stays" : "stay"} as ${counts.same === 1 ? "it is" : "they are"}`;
  const total = told.length === 0 ? "Nothing changes" : `Resources: ${told.join(", ")}`;
  return [
    paragraph(
      `${total}${counts.same === 0 ? "" : `; ${unchanged}`}.`,
      told.length === 0 ? "quiet" : undefined,
    ),
    ...resourceList(components),
  ];
}

/** How many resources are shown at once. */
const shownResources = 12;

function resourceList(components: InfrastructureChanges["components"]): Block[] {
  if (components.length === 0) return [];
  const items = components.map(({ component, changes }) => ({
    text: component,
    items: changes.map(changeItem),
  }));
  const count = components.reduce((sum, { changes }) => sum + changes.length, 0);
  if (count <= shownResources) return [{ kind: "list", items }];
  return [{ kind: "list", items, fold: `Each of the ${count} resources` }];
}

/** How many reasons are shown of one resource. */
const shownReasons = 3;

function changeItem({ change, name, type, because }: ResourceChange): Item {
  const more = because.length - shownReasons;
  const shown = because.slice(0, shownReasons).join(", ") + (more > 0 ? ` and ${more} more` : "");
  const why = shown === "" ? "" : `: ${shown}`;
  return { sign: signs[change], text: `${code(name)} (${kindOf(type)}) is ${verbs[change]}${why}` };
}

const localKinds: Readonly<Record<string, string>> = {
  "updraft:local:Task": "process that runs to its end",
  "updraft:local:Service": "process",
  "updraft:local:Folder": "folder",
  "updraft:local:SecretFile": "file",
};

function kindOf(type: string): string {
  const provider = /^pulumi:providers:(.+)$/.exec(type)?.[1];
  return localKinds[type] ?? (provider ? `provider ${provider}` : (type.split(":").at(-1) ?? type));
}
