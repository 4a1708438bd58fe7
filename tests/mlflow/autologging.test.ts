import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonWith } from "./support/python.ts";
import type { ServerProcess } from "./support/process.ts";
import { runScript } from "./support/script.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startUpdraft } from "./support/trackers.ts";

const python = await pythonWith("mlflow");
const older = await pythonWith("mlflow-2");

describe.runIf(python)("MLflow's libraries on this tracker", () => {
  let folder: string;
  let tracker: ServerProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    tracker = await startUpdraft(folder);
  });

  afterAll(() => tracker?.stop());

  const seenBy = (script: string, interpreter = python) =>
    runScript(script, {
      python: interpreter ?? "",
      trackingUri: tracker.url,
      folder: join(folder, script),
    });

  it("autolog what scikit-learn fits, with the child runs of a search", async () => {
    const seen = await seenBy("autolog_sklearn");
    expect(seen).toMatchObject({
      plain: {
        params: { logisticregression__max_iter: "300", logisticregression__C: "1.0" },
        metrics: { training_accuracy_score: 0.973333, training_log_loss: 0.129534 },
        tags: { estimator_name: "Pipeline", estimator_class: "sklearn.pipeline.Pipeline" },
        artifacts: ["estimator.html", "training_confusion_matrix.png"],
        inputs: [
          ["dataset", expect.any(String), "train"],
          ["dataset", expect.any(String), "eval"],
        ],
        status: "FINISHED",
        models: 1,
      },
      search: {
        params: { best_C: "1.0", cv: "3", param_grid: "{'C': [0.01, 1.0, 10.0]}" },
        metrics: { best_cv_score: 0.973333 },
        artifacts: ["cv_results.csv", "estimator.html", "training_confusion_matrix.png"],
        models: 2,
      },
      children: [
        ["0.01", 0.873333],
        ["1.0", 0.973333],
        ["10.0", 0.973333],
      ],
      best: "search",
      loaded: true,
    });
  });

  it("autolog what Keras trains, epoch by epoch, and load it back", async () => {
    expect(await seenBy("autolog_keras")).toEqual({
      run: {
        params: expect.objectContaining({
          epochs: "3",
          optimizer_name: "adam",
          validation_split: "0.25",
        }),
        metrics: [
          "accuracy",
          "loss",
          "val_accuracy",
          "val_loss",
          "validation_accuracy",
          "validation_loss",
        ],
        curve: true,
        steps: [0, 1, 2],
        artifacts: ["model_summary.txt"],
        inputs: [["dataset", "18dd27c0"]],
        models: 1,
        status: "FINISHED",
      },
      loaded: true,
    });
  });

  it("log datasets, tables, images, large files and what the machine does", async () => {
    expect(await seenBy("data")).toEqual({
      datasets: {
        inputs: [
          [
            "frame",
            expect.stringMatching(/^[0-9a-f]{8}$/),
            "s3",
            '{"uri": "s3://b/f.csv"}',
            expect.stringContaining("mlflow_colspec"),
            '{"num_rows": 3, "num_elements": 6}',
            [["mlflow.data.context", "training"]],
          ],
        ],
        names: ["frame", "numbers"],
        source: "s3",
        "by name": ["with data"],
        "by digest": ["with data"],
        "by context": ["with data"],
        "by others": [],
      },
      figures: {
        plots: ["plots/black.png", "plots/line.png"],
        steps: 2,
        table: ["a", "b", "c", "a", "b", "c"],
        names: ["100%.txt", "a+b=c.txt", "with space & ümlaut.json"],
        listed: ["names/100%.txt", "names/a+b=c.txt", "names/with space & ümlaut.json"],
        text: "x",
        image: [4, 4],
        missing: "RESOURCE_DOES_NOT_EXIST",
        "listing of nothing": [],
        "listing of a file": [],
      },
      "large files": { same: true, size: 30_000_000, count: 40, left: 20 },
      machine: [true, true],
    });
  });

  it.runIf(older)("load what MLflow 2 logged, by run, version, alias and stage", async () => {
    expect(await seenBy("models", older)).toMatchObject({
      loaded: {
        "runs:/<run>/model": true,
        "models:/linear/1": true,
        "models:/linear/latest": true,
        "models:/linear@champion": true,
        "models:/linear/Production": true,
      },
      registered: { native: true, "of the run": ["model"] },
    });
  });

  it("meet no error of the tracker's own", () => {
    expect(tracker.output()).toBe("");
  });
});
