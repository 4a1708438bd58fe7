import { defineConfig } from "vitest/config";
import { postgresPrograms } from "./tracker/store/postgres-under-test.ts";

const packages = "{contracts,models,trainer,tracker,server,infra,toolchain}";

/** What talks to the tracker over HTTP, once more with the other database. */
const trackerOverPostgres = {
  extends: true as const,
  test: {
    name: "postgres",
    include: [
      "tracker/routes/**/*.test.ts",
      "tracker/page/page-router.test.ts",
      "tracker/{app,odd-requests}.test.ts",
    ],
    env: { TRACKER_TEST_DATABASE: "Postgres" },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
};

/** The stand-ins for Pulumi's plugins; most of them work on a cluster. */
const providers = {
  extends: true as const,
  test: {
    name: "providers",
    include: ["tests/providers/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
};

/** The images of the platform, built and started. */
const images = {
  extends: true as const,
  test: {
    name: "images",
    include: ["tests/images/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
    // The first build fetches libtensorflow and compiles its binding.
    hookTimeout: 900_000,
  },
};

/** The test cluster itself. */
const harness = {
  extends: true as const,
  test: {
    name: "harness",
    include: ["tests/cluster/harness/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 300_000,
    // The first start of all builds Kubernetes.
    hookTimeout: 1_800_000,
  },
};

/** The platform in a cluster: its manifests, and whole stacks. */
const cluster = {
  extends: true as const,
  test: {
    name: "cluster",
    include: ["tests/cluster/*.test.ts", "tests/cluster/e2e/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 1_800_000,
  },
};

export default defineConfig({
  test: {
    reporters: ["default", "./tests/summary-reporter.ts"],
    // A machine that others share may stop a test for seconds; the summary names what needed it.
    retry: Number(process.env["TEST_RETRIES"] ?? 0),
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [`${packages}/**/*.test.{ts,js}`],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // Browsers share the cores with everything else that is tested.
          expect: { poll: { timeout: 15_000 } },
        },
      },
      ...(postgresPrograms === undefined ? [] : [trackerOverPostgres]),
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          // Each file brings up whole stacks: one after another, or the two cores are not enough.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "load",
          include: ["tests/load/**/*.test.ts"],
          // Each file has the machine for itself.
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 60_000,
        },
      },
      ...(process.env["UPDRAFT_CLUSTER_TESTS"] === undefined
        ? []
        : [harness, providers, images, cluster]),
      {
        extends: true,
        test: {
          name: "mlflow",
          include: ["tests/mlflow/**/*.test.ts"],
          // Python's packages are installed by the first file; a real MLflow server takes a core.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
      {
        extends: true,
        test: {
          name: "protocols",
          include: ["tests/protocols/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
