import type { Card } from "@updraft/contracts/card";
import type { PromotionSource } from "@updraft/contracts/promotion-source";
import type { Signature } from "@updraft/contracts/signature";
import type { ModelDefinition } from "@updraft/models/model-definition";

/** What keeps a release from being taken over, as far as can be told without its package. */
export function sourceProblems({ stack, release }: PromotionSource, model: string): string[] {
  const problems: string[] = [];
  if (release.model !== model) {
    problems.push(
      `TRAINER_SOURCE: ${stack} releases ${release.model}, and ${model} is asked for (TRAINER_MODEL); name a stack of the same model`,
    );
  }
  if (release.gate.verdict !== "passed") {
    problems.push(
      `TRAINER_SOURCE: the gate of ${stack} did not let ${release.digest} pass; release a package there that passes first`,
    );
  }
  return problems;
}

/** What keeps a package from being released as this model, by what it says of itself. */
export function packageProblem(
  content: PackageSays,
  definition: Pick<ModelDefinition, "name" | "input" | "output">,
): string | undefined {
  if (content.card.model === definition.name && content.card.gate.verdict !== "passed") {
    return "its card says that its gate did not let it pass";
  }
  return fitProblem(content, definition);
}

/** What a package says of itself. */
interface PackageSays {
  readonly card: Card;
  readonly signature: Signature;
}

/** Why a package is none of this model, whatever the gate said of it. */
export function fitProblem(
  { card, signature }: PackageSays,
  { name, input, output }: Pick<ModelDefinition, "name" | "input" | "output">,
): string | undefined {
  if (card.model !== name) return `its card says that it is ${card.model}, not ${name}`;
  const takes = tensorsOf(signature.inputs, signature.outputs);
  const expected = tensorsOf([input], [output]);
  if (takes === expected) return undefined;
  return `it goes from ${takes}, and ${name} goes from ${expected} in this checkout; check out the code that it was trained with`;
}

/** A release that was taken over before. */
export interface TakenOver {
  /** The version here that it became. */
  readonly version: string;
  readonly digest: string;
  /** The stack that it comes from. */
  readonly stack: string | undefined;
  /** When that stack released it. */
  readonly releasedAt: string | undefined;
}

/**
 * Why a release is older than what serves here: whoever can repeat an old promotion could bring
 * back a package that was replaced for a reason. The same package is never older than itself.
 */
export function ageProblem(
  { stack, release }: PromotionSource,
  champion: TakenOver | undefined,
): string | undefined {
  const { digest, releasedAt } = release;
  if (!champion || champion.digest === digest || champion.stack !== stack) return undefined;
  if (champion.releasedAt === undefined || releasedAt === undefined) return undefined;
  if (Date.parse(releasedAt) >= Date.parse(champion.releasedAt)) return undefined;
  return `it is older than what serves here: ${stack} released it at ${releasedAt}, and version ${champion.version} of this stack at ${champion.releasedAt}; release again in ${stack}, or roll back here to the version that it was`;
}

function tensorsOf(
  inputs: Signature["inputs"],
  outputs: readonly (Signature["outputs"][number] | ModelDefinition["output"])[],
): string {
  const side = (specs: typeof outputs) =>
    specs
      .map(({ name, datatype, shape, labels }) => {
        const classes = labels ? ` of ${labels.join(", ")}` : "";
        return `${name} ${datatype} [${shape.join(", ")}]${classes}`;
      })
      .join(" and ");
  return `${side(inputs)} to ${side(outputs)}`;
}
