import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checkout } from "../../checkout.ts";

const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
export type Step = z.infer<typeof Step>;

const Job = z.object({
  if: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  environment: z.string().optional(),
  "timeout-minutes": z.number().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  steps: z.array(Step),
});
export type Job = z.infer<typeof Job>;

const Workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()).optional(),
  jobs: z.record(z.string(), Job),
});

const Action = z.object({
  runs: z.object({ using: z.literal("composite"), steps: z.array(Step) }),
});

/** A job of a workflow, with what it stands in. */
export interface WorkflowJob {
  /** `release.yml/dev`. */
  readonly name: string;
  readonly job: Job;
  /** Whether a pull request starts the workflow. */
  readonly isOfPullRequest: boolean;
  /** Names of the secrets that the job takes, and `github.token`. */
  readonly secrets: readonly string[];
}

/** The workflows of this repository, by the names of their files. */
export function readWorkflows() {
  return readAll(".github/workflows/*.yml").map(({ path, text }) => ({
    name: path.replace(".github/workflows/", ""),
    ...Workflow.parse(parse(text)),
    text,
  }));
}

/** The actions of this repository. */
export function readActions() {
  return readAll(".github/actions/*/action.yml").map(({ path, text }) => ({
    path,
    steps: Action.parse(parse(text)).runs.steps,
    text,
  }));
}

/** Every job of every workflow. */
export function workflowJobs(): WorkflowJob[] {
  return readWorkflows().flatMap(({ name, on, jobs }) =>
    Object.entries(jobs).map(([id, job]) => ({
      name: `${name}/${id}`,
      job,
      isOfPullRequest: "pull_request" in on,
      secrets: secretsOf(name, id),
    })),
  );
}

/** What of the secrets a job names, anywhere in it. */
function secretsOf(file: string, id: string): string[] {
  const text = readFileSync(join(checkout, ".github/workflows", file), "utf8");
  const job: unknown = z.object({ jobs: z.record(z.string(), z.unknown()) }).parse(parse(text))
    .jobs[id];
  const found = JSON.stringify(job).match(/secrets\.\w+|github\.token/g) ?? [];
  return [...new Set(found)].toSorted();
}

function readAll(pattern: string) {
  return globSync(pattern, { cwd: checkout })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(checkout, path), "utf8") }));
}
