import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkout } from "../../checkout.ts";
import { readActions, readWorkflows, type Step, workflowJobs } from "./workflow-files.ts";

const manifest = readFileSync(join(checkout, "package.json"), "utf8");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(manifest));
const workflows = readWorkflows();
const jobs = workflowJobs();
const actions = readActions();
const fork = "github.event.pull_request.head.repo.full_name == github.repository";

/** Every step there is, with where it is. */
const steps: readonly { readonly where: string; readonly step: Step }[] = [
  ...jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ where: name, step }))),
  ...actions.flatMap(({ path, steps: own }) => own.map((step) => ({ where: path, step }))),
];
const runs = steps.flatMap(({ where, step }) =>
  step.run === undefined ? [] : [{ where, run: step.run }],
);
const uses = steps.flatMap(({ where, step }) =>
  step.uses === undefined ? [] : [{ where, action: step.uses, inputs: step.with ?? {} }],
);

/** A line of `npm run <script>` or of a file here, without anything of the shell's but quotes. */
function scriptOf(run: string): string | undefined {
  const quiet = run.replaceAll(/"(\$[A-Z_]+|[\w .:$-]+)"/g, "quoted");
  const [, npm, file] = /^(?:npm run ([\w:-]+)(?: -- [\w ./:-]+)?|(\.ci\/run))$/.exec(quiet) ?? [];
  return npm === undefined ? file : scripts[npm];
}

describe("the workflows", () => {
  it("are those that docs/ci.md tells of", () => {
    const text = readFileSync(join(checkout, "docs/ci.md"), "utf8");
    for (const { name } of workflows) expect(text).toContain(`\`${name}\``);
  });

  it("never run the code of a pull request with the rights of this repository", () => {
    const triggers = workflows.flatMap(({ on }) => Object.keys(on));
    const known = ["pull_request", "push", "schedule", "workflow_dispatch"];
    expect(triggers.filter((trigger) => !known.includes(trigger))).toEqual([]);
  });

  it("train every night at two", () => {
    const nightly = workflows.find(({ name }) => name === "nightly.yml");
    expect(nightly?.on["schedule"]).toEqual([{ cron: "0 2 * * *" }]);
  });

  it("give their jobs no rights as a whole", () => {
    expect(workflows.filter(({ permissions }) => JSON.stringify(permissions) !== "{}")).toEqual([]);
  });
});

describe.each(jobs)("the job $name", ({ name, job, isOfPullRequest, secrets }) => {
  it("ends, and names the rights that it needs", () => {
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(120);
    expect(job.permissions).toMatchObject({ contents: "read" });
    expect(job.permissions).not.toHaveProperty("actions");
  });

  it("takes secrets of an environment, and none for the code of forks", () => {
    expect(secrets.length > 0 && job.environment === undefined).toBe(false);
    const isOpen = isOfPullRequest && secrets.length > 0 && !name.startsWith("security.yml/");
    expect(isOpen && !(job.if ?? "").includes(fork)).toBe(false);
  });

  it("never cuts an update short, nor runs beside another of the same stack", () => {
    const changes = job.steps.flatMap(
      ({ run }) =>
        /^npm run (?:deploy|ephemeral) -- (?:up |down )?(\S+)/.exec(run ?? "")?.[1] ?? [],
    );
    const stacks = changes.map((stack) =>
      stack === '"$STACK"' ? "pr-${{ github.event.number }}" : stack,
    );
    const groups = stacks.map((stack) => ({
      group: `stack-${stack}`,
      "cancel-in-progress": false,
    }));
    expect(
      groups.filter((group) => JSON.stringify(group) !== JSON.stringify(job.concurrency)),
    ).toEqual([]);
  });

  it("leaves no token in the checkout", () => {
    const checkouts = job.steps.filter((step) => step.uses?.startsWith("actions/checkout@"));
    expect(checkouts.map((step) => step.with?.["persist-credentials"])).toEqual([false]);
  });
});

it("scans images of the stacks only where no pull request starts it", () => {
  const scan = jobs.find(({ name }) => name === "security.yml/images");
  expect(scan?.job.if).toContain("github.event_name != 'pull_request'");
  const packages = jobs.find(({ name }) => name === "security.yml/packages");
  expect(packages?.secrets).toEqual([]);
});

it("changes dev and prod only from main", () => {
  const deploying = jobs.filter(({ job }) =>
    job.steps.some(({ run }) => run?.startsWith("npm run deploy")),
  );
  expect(deploying.map(({ name }) => name)).toEqual([
    "nightly.yml/retrain",
    "promote.yml/prod",
    "release.yml/dev",
    "release.yml/prod",
  ]);
  const open = deploying.filter(({ job }) => !job.if?.includes("github.ref == 'refs/heads/main'"));
  // It comes after dev, which does.
  expect(open.map(({ name, job }) => [name, job.needs])).toEqual([
    ["release.yml/prod", ["dev", "images", "plan"]],
  ]);
});

it("gives prod the release that was approved, and no other", () => {
  const prod = jobs.filter(({ job }) => job.environment === "prod");
  expect(prod.map(({ name }) => name)).toEqual(["promote.yml/prod", "release.yml/prod"]);
  for (const { job } of prod) {
    const deploys = job.steps.filter(({ run }) => run?.startsWith("npm run deploy"));
    expect(deploys.map(({ run }) => run)).toEqual([
      'npm run deploy -- prod --approved-digest "$APPROVED_DIGEST"',
    ]);
  }
});

describe("a step", () => {
  it.each(runs)("$where: $run", ({ run }) => {
    const script = scriptOf(run);
    expect(script).toBeDefined();
    const files = (script ?? "").split(" ").filter((word) => /\.(js|ts)$|^\.ci/.test(word));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(checkout, file)))).toEqual([]);
  });

  it.each(uses)("$where takes $action as it was looked at", ({ action }) => {
    const isOwn = action.startsWith("./") && existsSync(join(checkout, action, "action.yml"));
    expect(isOwn || /^[\w-]+\/[\w-]+(\/[\w-]+)?@[0-9a-f]{40}$/.test(action)).toBe(true);
  });

  it("names the version of what it takes, and the same everywhere", () => {
    const texts = [...workflows, ...actions].map(({ text }) => text).join("\n");
    const lines = [...texts.matchAll(/uses: ([^.\s]\S+)(.*)$/gm)];
    expect(lines.filter(([, , note]) => !/^ # v\d+\.\d+\.\d+$/.test(note ?? ""))).toEqual([]);
    const pinned = new Set(lines.map(([, action, note]) => `${action}${note}`));
    const names = [...pinned].map((entry) => entry.split("@")[0]);
    expect(new Set(names).size).toBe(names.length);
  });
});

it.each([
  "npm run plan -- dev > plan.md",
  "npm run plan && npm run deploy",
  "npm run deploy -- ${{ inputs.stack }}",
  'npm run deploy -- "$(cat stack)"',
  "npm run nothing",
  "npm install",
])("sees that %s is no single call of a script", (run) => {
  expect(scriptOf(run)).toBeUndefined();
});
