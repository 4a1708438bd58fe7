import { describe, expect, it } from "vitest";
import { GcUsageError, gcUsage, parseGcArguments, reportText } from "./command.ts";

const day = 86_400_000;

describe("the flags of gc", () => {
  it("say nothing: everything that is deleted is freed", () => {
    expect(parseGcArguments([])).toEqual({
      policy: {
        olderThanMs: 0,
        keepRuns: undefined,
        keepVersions: undefined,
        experimentIds: undefined,
        models: undefined,
      },
      dryRun: false,
      json: false,
    });
  });

  it("say what is freed", () => {
    const args = "--older-than=30d --keep-runs 100 --keep-versions 2 --experiment-ids 1,2";
    const others = "--models digits,iris --dry-run --json";
    expect(parseGcArguments(`${args} ${others}`.split(" "))).toEqual({
      policy: {
        olderThanMs: 30 * day,
        keepRuns: 100,
        keepVersions: 2,
        experimentIds: ["1", "2"],
        models: ["digits", "iris"],
      },
      dryRun: true,
      json: true,
    });
  });

  it("ask for help", () => {
    expect(parseGcArguments(["--help"])).toBeUndefined();
  });

  it("are refused with every problem", () => {
    const args = ["--older-than", "soon", "--keep-runs", "0", "--experiment-ids", "one"];
    expect(() => parseGcArguments(args)).toThrow(
      new GcUsageError(
        [
          '--older-than: Invalid duration "soon". Expected one such as 30d, 8h or 2d8h5m20s.',
          "--keep-runs: Too small: expected number to be >=1",
          "--experiment-ids: Invalid experiment ID 'one'. Experiment ID must be a valid integer.",
        ].join("\n"),
      ),
    );
    expect(() => parseGcArguments(["--keep", "1"])).toThrow(gcUsage);
  });
});

describe("the report of gc", () => {
  const nothing = {
    runs: 0,
    experiments: 0,
    logged_models: 0,
    model_versions: 0,
    packages: 0,
    datasets: 0,
    bytes: 0,
  };
  const report = {
    dry_run: false,
    freed: nothing,
    kept: [],
    kept_count: 0,
    elsewhere: [],
    elsewhere_count: 0,
    failed: [],
  };

  it("says that there was nothing", () => {
    expect(reportText(report)).toBe("freed nothing; 0 bytes");
  });

  it("prints no name that a terminal would obey", () => {
    const kept = [{ what: "version \u001B[2J\n/1", why: "it is" }];
    expect(reportText({ ...report, kept, kept_count: 1 })).toBe(
      "freed nothing; 0 bytes\nkept version \uFFFD[2J\uFFFD/1: it is",
    );
  });

  it("counts what is freed, and names what is not", () => {
    expect(
      reportText({
        ...report,
        dry_run: true,
        freed: { ...nothing, runs: 1, packages: 2, bytes: 1_234_567 },
        kept: [{ what: "version digits/3", why: "the alias champion points to it" }],
        kept_count: 5,
        elsewhere: ["s3://a/b"],
        elsewhere_count: 1,
        failed: [{ location: "mlflow-artifacts:/1/r", message: "it is away" }],
      }),
    ).toBe(
      [
        "would free 1 run, 2 packages; 1.2 MB",
        "kept version digits/3: the alias champion points to it",
        "kept: 4 more",
        "left to you, in another store: s3://a/b",
        "not removed, the next gc tries again: mlflow-artifacts:/1/r: it is away",
      ].join("\n"),
    );
  });
});
