import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Ends a run with one line for each suite: `unit: 12 passed, 0 failed, 1 skipped`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    const suites = Map.groupBy(modules, (module) => module.project.name);
    for (const [suite, files] of suites) {
      const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
      const flaky: string[] = [];
      for (const file of files) {
        for (const test of file.children.allTests()) {
          counts[test.result().state] += 1;
          if (test.diagnostic()?.flaky)
            flaky.push(`${file.relativeModuleId}: ${test.fullName}${firstFailure(test)}`);
        }
        // A file that cannot be imported, or a hook that fails, leaves no test to count, and must
        // not look like a success.
        counts.failed += file.errors().length;
        for (const group of file.children.allSuites()) counts.failed += group.errors().length;
      }
      const skipped = counts.skipped + counts.pending;
      process.stdout.write(
        `${suite}: ${counts.passed} passed, ${counts.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
      );
      for (const name of flaky) process.stdout.write(`  passed at a second try: ${name}\n`);
    }
    if (unhandledErrors.length > 0) {
      process.stdout.write(`errors: 0 passed, ${unhandledErrors.length} failed\n`);
    }
  }
}

/** Why a test's first try has failed, in brackets. */
function firstFailure(test: TestCase): string {
  const message = test.result().errors?.[0]?.message;
  return message === undefined ? "" : ` (${message.replaceAll(/\s+/g, " ").slice(0, 500)})`;
}
