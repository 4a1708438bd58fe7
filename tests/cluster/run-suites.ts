import { join } from "node:path";
import { runInForeground } from "../../toolchain/foreground.js";
import { down, factsIfUp } from "./harness/cluster.ts";
import { clusterProblem, testCluster } from "./harness/test-cluster.ts";

// The suites that need a cluster, one file after another: `npm run test:cluster -- <vitest flags>`.

const repository = join(import.meta.dirname, "../..");

/** The first one starts and stops clusters itself; the others share one. */
const suites = [["harness"], ["providers", "images", "cluster"]];

/** Runs what the flags choose, or else every suite; gives the exit code. */
async function runSuites(flags: readonly string[]): Promise<number> {
  const problem = clusterProblem();
  if (problem !== undefined) {
    say(`The tests on a cluster are skipped: ${problem}.`);
    for (const suite of suites.flat()) say(`${suite}: 0 passed, 0 failed, all skipped`);
    return 0;
  }
  const choosesSuite = flags.some((flag) => /^--project(=|$)/.test(flag));
  const runs = choosesSuite ? [[]] : suites;
  const wasUp = (await factsIfUp()) !== undefined;
  try {
    let exitCode = 0;
    for (const names of runs) {
      await testCluster();
      const projects = names.flatMap((name) => ["--project", name]);
      const ended = await vitest([...projects, "--passWithNoTests", ...flags]);
      // Whoever has ended it does not want the rest either.
      if (ended > 128) return ended;
      exitCode ||= ended;
    }
    return exitCode;
  } finally {
    // One that others started stays up for them.
    if (!wasUp && (await factsIfUp()) !== undefined) await down(false);
  }
}

function vitest(args: readonly string[]): Promise<number> {
  const script = join(repository, "node_modules", "vitest", "vitest.mjs");
  return runInForeground(process.execPath, [script, "run", "--no-file-parallelism", ...args], {
    cwd: repository,
    env: { ...process.env, UPDRAFT_CLUSTER_TESTS: "1" },
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await runSuites(process.argv.slice(2));
