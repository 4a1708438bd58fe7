import { Digest } from "@updraft/contracts/digest";
import { Signature } from "@updraft/contracts/signature";
import { z } from "zod";

/** What a stack says of itself that can be checked from outside. */
export const SmokeTarget = z.object({
  url: z.url(),
  trackerUrl: z.url(),
  model: z.object({ name: z.string(), version: z.string(), digest: Digest }),
  /** What predictions need, if anything. */
  predictToken: z.string().nullish(),
});
export type SmokeTarget = z.infer<typeof SmokeTarget>;

/** What was found out about one thing that a stack should do. */
export interface Check {
  readonly name: string;
  readonly isPassed: boolean;
  /** What it did, or what is wrong. */
  readonly said: string;
}

/** By how much an answer may differ from the one that the trainer got. */
const tolerance = 1e-4;
/** How long one answer may take. */
const answerTimeoutMilliseconds = 10_000;

const ModelInfo = z.object({ digest: Digest });
const Predictions = z.object({ predictions: z.array(z.array(z.number())).length(1) });

/** Whether the server would be sent requests. @throws if it would not */
export async function readiness(base: string): Promise<string> {
  await ask(`${base}/ready`);
  return "the server is ready";
}

/** Whether what serves is what was released. @throws if it is not */
export async function servedDigest(base: string, { model }: SmokeTarget): Promise<string> {
  const { digest } = ModelInfo.parse(await ask(`${base}/model/info`));
  if (digest === model.digest) return `${digest} serves, version ${model.version}`;
  throw new Error(
    `${digest} serves, and version ${model.version} that was released is ${model.digest}`,
  );
}

/**
 * Whether the server answers the package's own example as the trainer's engine did.
 * @throws if it does not
 */
export async function ownExample(
  base: string,
  { model, predictToken: token }: SmokeTarget,
): Promise<string> {
  const { example, inputs, outputs } = Signature.parse(await ask(`${base}/model/signature`));
  const [input, output] = [inputs[0]?.name ?? "", outputs[0]?.name ?? ""];
  const body = JSON.stringify({ instances: [example.inputs[input]] });
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const url = `${base}/v1/models/${model.name}:predict`;
  const answer = await ask(url, { method: "POST", headers, body });
  const [actual = []] = Predictions.parse(answer).predictions;
  const expected = example.outputs[output] ?? [];
  const difference = largestDifference(expected, actual);
  if (difference <= tolerance) {
    return `the package's example is answered as in training, to within ${difference.toExponential(0)}`;
  }
  throw new Error(
    `the package's example is answered with [${actual.join(", ")}], and in training it was [${expected.join(", ")}]`,
  );
}

/** Whether the tracker lives. @throws if it does not */
export async function trackerHealth(base: string): Promise<string> {
  await ask(`${base}/health`);
  return "the tracker answers";
}

/** How far two answers are from each other; without end where one is not of the other's kind. */
export function largestDifference(expected: readonly number[], actual: readonly number[]): number {
  if (expected.length !== actual.length || expected.length === 0) return Number.POSITIVE_INFINITY;
  const differences = expected.map((value, index) =>
    Math.abs(value - (actual[index] ?? Number.NaN)),
  );
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...differences);
}

async function ask(url: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(url, {
    ...init,
    signal: AbortSignal.timeout(answerTimeoutMilliseconds),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${said.slice(0, 200)}`);
  try {
    return JSON.parse(said);
  } catch {
    return said;
  }
}
