import { defineConfig } from "vitest/config";

const packages = "{contracts,models,trainer,tracker,server,infra,toolchain}";

export default defineConfig({
  test: {
    reporters: ["default", "./tests/summary-reporter.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [`${packages}/**/*.test.{ts,js}`],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["tests/**/*.test.ts"],
          // Each file brings up whole stacks: one after another, or the two cores are not enough.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
