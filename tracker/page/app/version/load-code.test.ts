import { describe, expect, it } from "vitest";
import { mistakeShares } from "./confusion-table.ts";
import { lineageSteps } from "./lineage-view.ts";
import { loadCode } from "./load-code.ts";

const version = {
  name: "digits",
  version: "3",
  aliases: [],
  files: [],
  source: "mlflow-artifacts:/models/digits/0f",
  trackerUrl: "http://tracker:5000",
};

describe("the code to load a version", () => {
  it("downloads a version by its number, or by its alias where it has one", () => {
    expect(loadCode(version)).toEqual([
      {
        title: "Download",
        code: 'import mlflow\n\nmlflow.set_tracking_uri("http://tracker:5000")\nfolder = mlflow.artifacts.download_artifacts("models:/digits/3")',
      },
    ]);
    const [download] = loadCode({ ...version, aliases: ["canary", "champion"] });
    expect(download?.code).toContain('"models:/digits@champion"');
  });

  it("loads what MLflow packed with MLflow", () => {
    const [first] = loadCode({ ...version, files: ["MLmodel", "model.pkl"] });

    expect(first?.title).toBe("MLflow");
    expect(first?.code).toContain('mlflow.pyfunc.load_model("models:/digits/3")');
  });

  it("serves a package by its digest", () => {
    const files = ["signature.json", "weights.bin"];
    const ways = loadCode({ ...version, files, digest: "sha256:0f" });

    expect(ways.map(({ title }) => title)).toEqual(["Download", "Serve", "Predict"]);
    expect(ways[1]?.code).toBe(
      "# these bytes and no others\nMLFLOW_TRACKING_URI=http://tracker:5000 \\\nMODEL_URI=mlflow-artifacts:/models/digits/0f \\\nMODEL_DIGEST=sha256:0f \\\nnode server/main.ts",
    );
    expect(ways[2]?.code).toContain("/v1/models/digits:predict");
  });
});

describe("lineage", () => {
  it("goes from the commit to the aliases, without what is not known", () => {
    const lineage = { runId: "r1", gitCommit: "c0ffee" };

    expect(
      lineageSteps({
        lineage,
        runId: "other",
        digest: "sha256:0f",
        version: "3",
        aliases: ["a", "b"],
      }),
    ).toEqual([
      { what: "Commit", value: "c0ffee" },
      { what: "Run", value: "r1", href: "/runs/r1" },
      { what: "Package", value: "sha256:0f" },
      { what: "Version", value: "3" },
      { what: "Serves as", value: "@a @b" },
    ]);
    expect(lineageSteps({ lineage: {}, version: "1", aliases: [] })).toEqual([
      { what: "Version", value: "1" },
    ]);
  });
});

describe("a confusion matrix", () => {
  it("measures right answers and mistakes each by their own largest", () => {
    expect(
      mistakeShares([
        [100, 2],
        [1, 50],
      ]),
    ).toEqual([
      [1, 1],
      [0.5, 0.5],
    ]);
    expect(mistakeShares([[0]])).toEqual([[0]]);
  });
});
