import { jsonIn, MlflowErrorBody } from "@updraft/contracts/mlflow-answer";
import { trackingServer } from "@updraft/contracts/tracking-server";
import { z } from "zod";
import type { Config } from "./config/config.ts";
import { plainCredentials } from "./tracker-credentials.ts";

/** How long a tracker may take for one answer. */
const answerTimeoutMilliseconds = 10_000;

const Experiments = z.object({ experiments: z.array(z.unknown()).default([]) });
const Files = z.object({ files: z.array(z.unknown()).default([]) });

type TrackerConfig = Pick<
  Config,
  "tracker" | "trackerToken" | "trackerUsername" | "trackerPassword"
>;

/** What is wrong with a tracker that is there already. */
export interface TrackerFinding {
  readonly problem: string;
  /** Whether it has not answered at all: it may be one that others can reach. */
  readonly isAway: boolean;
}

/** The problem of {@link trackerFinding}. */
export async function trackerProblem(config: TrackerConfig): Promise<string | undefined> {
  return (await trackerFinding(config))?.problem;
}

/**
 * What is wrong with the tracker that the stack is to use, asked with the stack's credentials;
 * nothing if it can be used, or the stack has one of its own.
 */
export async function trackerFinding(config: TrackerConfig): Promise<TrackerFinding | undefined> {
  const { uri } = config.tracker;
  if (uri === undefined) return undefined;
  const { authorization } = trackingServer({
    MLFLOW_TRACKING_URI: uri,
    ...plainCredentials(config),
  });
  const ask = (path: string, schema: z.ZodType) => answerOf(`${uri}${path}`, authorization, schema);
  const api = await ask("/api/2.0/mlflow/experiments/search?max_results=1", Experiments);
  if (api !== "understood") {
    return finding(problemWith(uri, api, authorization), api.status === undefined);
  }
  const artifacts = await ask("/api/2.0/mlflow-artifacts/artifacts?path=models", Files);
  if (artifacts === "understood") return undefined;
  if (isRefusal(artifacts)) return finding(problemWith(uri, artifacts, authorization));
  return finding(
    `the tracker at ${uri} serves no artifacts (${inWords(artifacts)}), and packages are kept there; start it with --serve-artifacts`,
  );
}

function finding(problem: string, isAway = false): TrackerFinding {
  return { problem: `updraft:tracker.uri: ${problem}`, isAway };
}

/** Why an answer was not the one that MLflow gives. */
interface Misunderstanding {
  /** None if nothing answered. */
  readonly status?: number;
  readonly said: string;
}

async function answerOf(
  url: string,
  authorization: string | undefined,
  schema: z.ZodType,
): Promise<"understood" | Misunderstanding> {
  try {
    const response = await fetch(url, {
      headers: authorization ? { authorization } : {},
      signal: AbortSignal.timeout(answerTimeoutMilliseconds),
      redirect: "manual",
    });
    const { status } = response;
    const body = jsonIn(await response.text());
    if (response.ok && schema.safeParse(body).success) return "understood";
    const error = MlflowErrorBody.safeParse(body);
    return { status, said: error.success ? error.data.message.slice(0, 200) : "" };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
    return { said: code ?? (cause instanceof Error ? cause.message : String(cause)) };
  }
}

function problemWith(
  uri: string,
  answer: Misunderstanding,
  authorization: string | undefined,
): string {
  if (answer.status === undefined) {
    return `the tracker at ${uri} cannot be reached (${answer.said}); start it, or set the address of one that runs`;
  }
  if (!isRefusal(answer)) {
    return `${uri} is no tracker: it answered ${inWords(answer)} where MLflow lists experiments`;
  }
  const how = authorization ? "refuses the credentials" : "wants credentials";
  return `the tracker at ${uri} ${how} (${inWords(answer)}); set updraft:trackerToken, or updraft:trackerUsername and updraft:trackerPassword, with pulumi config set --secret`;
}

function isRefusal({ status }: Misunderstanding): boolean {
  return status === 401 || status === 403;
}

function inWords({ status, said }: Misunderstanding): string {
  return [status, said].filter(Boolean).join(": ");
}
