import { describe, expect, it } from "vitest";
import { recordedHistory, recordedPreview, recordedState } from "./fixtures/recorded.ts";
import { infrastructureChanges } from "./infrastructure-changes.ts";
import { modelPlan } from "./model-plan.ts";
import { output, type Finding } from "./output.ts";
import type { HistoryEntry } from "./read-history.ts";
import type { StackState } from "./read-state.ts";
import { report } from "./report.ts";

const after = (time: "first" | "second" | "gate-failed") =>
  [recordedState(time), recordedHistory(time)] as const;

function plan(
  preview: Parameters<typeof recordedPreview>[0],
  state: StackState,
  history: readonly HistoryEntry[],
): Finding {
  const found = recordedPreview(preview);
  return {
    kind: "plan",
    stack: "dev",
    model: modelPlan(found, state, history),
    infrastructure: infrastructureChanges(found),
    now: report(state, history),
    warnings: [],
  };
}

describe("output", () => {
  it("shows a plan as text: the model, its gate, the resources, and what is there now", () => {
    expect(output(plan("changed", ...after("first")), "text")).toBe(`Plan of dev

The model
  A model is trained.
    epochs 1 → 2
    rule minAccuracy 0.8 → 0.85
    rule maxRegression none → 0.002
    updraft:model.retrain is always: it would train without a change too
  If the gate lets it pass, the server at http://127.0.0.1:8080 is rolled out, unless the digest is 32bffb7e again.
  It takes about 24 s, as the last update of this kind did.

The gate ahead
    rule                        asks for                                                        version 1 now
    minAccuracy 0.85 (was 0.8)  accuracy of at least 0.85                                       0.9540, passes
    maxRegression 0.002 (new)   accuracy of at least 0.9520 (the champion's 0.9540 less 0.002)  0.9540, passes

Infrastructure
  Resources: 1 updated, 1 replaced; 2 resources stay as they are.
    training
      ± training-run (process that runs to its end) is replaced
    inference
      ~ inference-service (process) is updated: the new release

Now
  The champion, digits version 1 (32bffb7e), serves at http://127.0.0.1:8080. It has accuracy 0.9540, F1 0.9539, recall of the worst class 0.9252, latency (p95) 8.1 ms, size 864,818 bytes.
  The last update succeeded at 2026-11-29 14:15 UTC after 24 s. It started the server with version 1 at http://127.0.0.1:8080.
`);
  });

  it("shows a plan of a stack that is not there yet as a comment", () => {
    expect(output(plan("promotion", recordedState("empty"), []), "markdown")).toBe(
      `<!-- updraft-plan:dev -->

## Plan of dev

### The model

Nothing is trained: version 2 of \`dev\` (\`1abe31cd\`) is evaluated here, and promoted if it passes the gate.

- this stack has released nothing yet

In \`dev\` it has accuracy 0.9680, F1 0.9681, recall of the worst class 0.9362, latency (p95) 3 ms, size 864,818 bytes.

If the gate lets it pass, the server starts at http://127.0.0.1:8081.

### The gate ahead

| rule | asks for |
| --- | --- |
| \`minAccuracy 0.9\` | accuracy of at least 0.9 |
| \`maxRegression 0.002\` | no champion yet that could be fallen behind of |

### Infrastructure

Resources: 4 created.

- environment
  - \`+\` \`environment-folder\` (folder) is created
- tracker
  - \`+\` \`tracker-service\` (process) is created
- promotion
  - \`+\` \`promotion-run\` (process that runs to its end) is created
- inference
  - \`+\` \`inference-service\` (process) is created

### Now

Nothing serves yet.

There has been no update yet.
`,
    );
  });

  it("says what rolls out when a version is pinned, and when nothing does", () => {
    expect(output(plan("pin", ...after("second")), "text")).toContain(
      `  Nothing is trained: version 1 serves again: the second misreads sevens.
    version 1 is pinned
  The server at http://127.0.0.1:8080 is rolled out, unless the digest is 1abe31cd again.
`,
    );
    expect(output(plan("on-change", ...after("first")), "text")).toContain(
      `  Nothing is trained: version 1 stays, nothing that decides the model has changed.
  Nothing rolls out: the digest stays 32bffb7e.

Infrastructure
  Nothing changes; 4 resources stay as they are.
`,
    );
    expect(output(plan("always", ...after("first")), "text")).toContain(
      "is rolled out, unless the digest is 32bffb7e again. The same inputs make the same digest as a rule.\n",
    );
  });

  it("reports an update that failed with what its run says", () => {
    const message = "the gate failed\nrule         value  limit   verdict";
    const url = "http://127.0.0.1:5000/runs/run-3";
    const found = report(...after("gate-failed"), { runId: "run-3", url, message });
    expect(output({ kind: "report", stack: "dev", ...found }, "markdown")).toContain(
      `<!-- updraft-report:dev -->

## dev: what the last update did

### The update

**The last update failed at 2026-11-29 14:17 UTC after 41 s. What served before serves on: version 2.**

Its run, ${url}, says:

\`\`\`text
${message}
\`\`\`

### What serves

The champion, digits version 2 (\`1abe31cd\`), serves at http://127.0.0.1:8080.

- run: http://127.0.0.1:5000/runs/5f198e015b1b4d0e9369c805db745d98

| measure | value |
| --- | --- |
| accuracy | 0.9680 |
`,
    );
  });

  it("reports a release beside the one before it, and where it was promoted from", () => {
    const [state, history] = after("second");
    const { release } = state;
    if (!release) throw new Error("no release");
    const known = {
      ...release,
      intervals: { accuracy: { low: 0.957, high: 0.979 } },
      comparison: {
        version: "1",
        digest: `sha256:${"3".repeat(64)}`,
        metrics: { accuracy: 0.954, f1: 0.9539 },
        differences: { accuracy: { value: 0.014, low: 0.003, high: 0.025 } },
      },
      promotedFrom: {
        stack: "staging",
        version: "7",
        runId: "run-7",
        releasedAt: "2026-07-14T09:36:00Z",
        metrics: { accuracy: 0.9712 },
        gate: release.gate,
      },
    };
    const found = report({ ...state, release: known }, history);
    const text = output({ kind: "report", stack: "dev", ...found }, "text");
    expect(text).toContain(`The update
  The last update succeeded at 2026-11-29 14:16 UTC after 39 s. It rolled out version 2 at http://127.0.0.1:8080.

What serves
  The champion, digits version 2 (1abe31cd), serves at http://127.0.0.1:8080.
    promoted from version 7 of staging, released there 2026-07-14 09:36 UTC, accuracy there 0.9712
    run: http://127.0.0.1:5000/runs/5f198e015b1b4d0e9369c805db745d98
    measure                    value          95 % interval     version 1 before  difference (95 %)
    accuracy                   0.9680         0.9570 to 0.9790  0.9540            +0.0140 (0.0030 to 0.0250)
    F1                         0.9681                           0.9539
`);
    expect(text).toContain(`
  Beside version 1, accuracy is higher by more than noise: +0.0140 (95 % interval 0.0030 to 0.0250).

The gate that it passed
    rule           verdict  why
    minAccuracy    passed   accuracy is 0.96797, at least 0.85 as required
`);
  });

  it("says why there is no plan, in the program's words, and what serves on", () => {
    const now = report(...after("first"));
    const failure: Finding = { kind: "failure", stack: "dev", failure: "no key `a`\n  - b", now };
    expect(output(failure, "text")).toBe(`Plan of dev

An update cannot work
    no key \`a\`
      - b
  Nothing has been changed; version 1 serves on.
`);
    expect(output(failure, "markdown")).toMatch(/^<!-- updraft-plan:dev -->\n/);
    expect(JSON.parse(output(failure, "json"))).toMatchObject({
      kind: "failure",
      stack: "dev",
      failure: "no key `a`\n  - b",
      now: { serving: { version: "1", pin: null } },
    });
  });

  it("folds a long list of resources up in a comment", () => {
    const changes = Array.from({ length: 13 }, (_, index) => ({
      change: "create" as const,
      name: `inference-${index}`,
      type: "kubernetes:core/v1:Service",
      because: [],
    }));
    const counts = { create: 13, update: 0, replace: 0, delete: 0, same: 1 };
    const infrastructure = { counts, components: [{ component: "inference", changes }] };
    const folded = output(
      { ...plan("first", recordedState("empty"), []), infrastructure } as Finding,
      "markdown",
    );
    expect(folded).toContain(`Resources: 13 created; 1 resource stays as it is.

<details>
<summary>Each of the 13 resources</summary>

- inference
  - \`+\` \`inference-0\` (Service) is created
`);
  });
});
