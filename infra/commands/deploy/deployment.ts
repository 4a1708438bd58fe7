import { Digest } from "@updraft/contracts/digest";
import { Interval } from "@updraft/contracts/interval";
import { z } from "zod";
import type { Config } from "../../config/config.ts";

/** What a stack tells of itself, as far as a deployment passes it on. */
const Outputs = z.object({
  url: z.string(),
  model: z.object({ name: z.string(), version: z.string(), digest: Digest }),
  metrics: z.record(z.string(), z.number()),
  release: z.object({ intervals: z.record(z.string(), Interval).optional() }),
});

/** What the jobs after a deployment are told, by name, and what people read in its summary. */
export interface Deployment {
  readonly outputs: Readonly<Record<"digest" | "version" | "model" | "url", string>>;
  /** Markdown. */
  readonly summary: string;
}

/** Reads the outputs of a stack that has come up. */
export function deploymentOf(stack: string, values: unknown): Deployment {
  const { url, model, metrics, release } = Outputs.parse(values);
  const { name, version, digest } = model;
  const measured = Object.entries(metrics).flatMap(([metric, value]) => {
    const interval = release.intervals?.[metric];
    if (interval === undefined) return [];
    const [low, high] = [interval.low, interval.high].map((bound) => bound.toFixed(4));
    return [`- ${metric} ${value.toFixed(4)} (${low} to ${high})`];
  });
  const lines = [
    `**${stack}** serves ${name} version ${version} at ${url}`,
    "",
    `- digest \`${digest}\``,
    ...measured,
  ];
  return { outputs: { digest, version, model: name, url }, summary: lines.join("\n") };
}

/**
 * What keeps a stack from being deployed with an approval.
 * @param approved digest that somebody has approved
 * @returns one problem, or nothing
 */
export function approvalProblem(
  stack: string,
  config: Pick<Config, "promotion">,
  approved: string,
): string | undefined {
  if (!Digest.safeParse(approved).success) {
    return `--approved-digest ${approved}: expected sha256: and 64 hexadecimal digits; the summary of the source's deployment has it`;
  }
  if (config.promotion === undefined) {
    return `${stack} takes over no release (updraft:promotion.fromStack), so that an approved digest would hold for nothing; leave --approved-digest out`;
  }
  return undefined;
}
