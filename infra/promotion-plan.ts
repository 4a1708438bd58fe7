import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "@updraft/contracts/message-of";
import { SourceVariables, type PromotionSource } from "@updraft/contracts/promotion-source";
import { Release } from "@updraft/contracts/release";
import { z } from "zod";
import type { Config } from "./config/config.ts";
import { ConfigError } from "./config/config-error.ts";
import type { Promotion } from "./config/promotion.ts";
import type { PromotionPlan, TrainingPlan } from "./platform.ts";
import { stackProblem } from "./source-stack.ts";
import { trainingPlan } from "./training-plan.ts";

type PromotingConfig = Config & { readonly promotion: Promotion };

/**
 * What the stack takes over, or trains again, from the stack that it names.
 * @param stack that takes over
 * @throws {ConfigError} if there is nothing that could be promoted, or it is not what was approved
 */
export async function promotionPlan(
  stack: string,
  config: PromotingConfig,
): Promise<PromotionPlan | TrainingPlan> {
  const { fromStack } = config.promotion;
  const missing = await stackProblem(stack, fromStack);
  if (missing !== undefined) throw new ConfigError([missing]);
  const reference = new pulumi.StackReference("promotion-source", { name: fromStack });
  const source = sourceOf(fromStack, await plainOutput(reference, "release"));
  const problems = sourceProblems(config, source);
  if (problems.length > 0) throw new ConfigError(problems);
  return config.promotion.policy === "copy"
    ? copyPlan(config, source, reference)
    : retrainPlan(config, source);
}

/** The source's bytes, met with the data and the rules of this stack. */
async function copyPlan(
  { model, gate }: PromotingConfig,
  source: PromotionSource,
  reference: pulumi.StackReference,
): Promise<PromotionPlan> {
  // Its splits are the source's where the data is the same: no test example was trained on.
  const seed = source.release.lineage?.seed;
  const judged = await trainingPlan({ model: { ...model, seed, hyperparameters: {} }, gate });
  const { kind: _kind, hyperparameters: _hyperparameters, trials: _trials, ...plan } = judged;
  const variables = reference
    .getOutput("packageAccess")
    .apply((found) => SourceVariables.parse(found ?? {}));
  return { kind: "promotion", ...plan, source, sourceVariables: pulumi.secret(variables) };
}

/** The source's code and settings, trained with the data of this stack. */
async function retrainPlan(
  { model, gate, promotion }: PromotingConfig,
  source: PromotionSource,
): Promise<TrainingPlan> {
  const { lineage } = source.release;
  if (lineage === undefined) throw new ConfigError([noLineage(source)]);
  const { hyperparameters, seed, codeDigest, gitCommit } = lineage;
  const plan = await trainingPlan({ model: { ...model, hyperparameters, seed }, gate });
  if (plan.codeDigest !== codeDigest) {
    const where = gitCommit === undefined ? "its commit" : `commit ${gitCommit}`;
    throw new ConfigError([
      `updraft:promotion: ${promotion.fromStack} has trained with other code (${codeDigest}) than is checked out here (${plan.codeDigest}); check out ${where}, or bring ${promotion.fromStack} up with this code first`,
    ]);
  }
  return { ...plan, source };
}

/** What keeps a release from being promoted, as far as can be told without its package. */
export function sourceProblems(
  { model, promotion }: Pick<PromotingConfig, "model" | "promotion">,
  { release, stack }: PromotionSource,
): string[] {
  const problems: string[] = [];
  if (release.model !== model.name) {
    problems.push(
      `updraft:promotion.fromStack: ${stack} releases ${release.model}, and this stack serves ${model.name} (updraft:model.name); name a stack of the same model`,
    );
  }
  if (release.gate.verdict !== "passed") {
    problems.push(
      `updraft:promotion.fromStack: the gate of ${stack} did not let ${release.digest} pass; bring ${stack} up with a package that passes first`,
    );
  }
  const { approvedDigest } = promotion;
  if (approvedDigest !== undefined && approvedDigest !== release.digest) {
    problems.push(
      `updraft:promotion.approvedDigest: ${stack} releases ${release.digest}, and ${approvedDigest} is approved; look at what ${stack} releases, and approve it with: pulumi config set --path updraft:promotion.approvedDigest ${release.digest}`,
    );
  }
  return problems;
}

/** @throws {ConfigError} if the stack has no release, or one that this program does not know */
function sourceOf(stack: string, output: unknown): PromotionSource {
  if (output === undefined || output === null) {
    throw new ConfigError([
      `updraft:promotion.fromStack: ${stack} has released nothing yet; bring it up first (npm start -- --stack ${stack})`,
    ]);
  }
  const release = Release.safeParse(output);
  if (release.success) return { stack, release: release.data };
  throw new ConfigError([
    `updraft:promotion.fromStack: the output release of ${stack} cannot be read (${z.prettifyError(release.error)}); bring ${stack} up with this version of the program`,
  ]);
}

async function plainOutput(reference: pulumi.StackReference, name: string): Promise<unknown> {
  try {
    const { value, secretValue } = await reference.getOutputDetails(name);
    return value ?? secretValue;
  } catch (error) {
    throw new ConfigError([
      `updraft:promotion.fromStack: the outputs of the stack cannot be read: ${messageOf(error)}`,
    ]);
  }
}

function noLineage({ stack }: PromotionSource): string {
  return `updraft:promotion.policy: the release of ${stack} does not say what it was trained with; bring ${stack} up with this version of the program`;
}
