"""Datasets, figures, tables, large files and the machine's own figures.

Usage: MLFLOW_TRACKING_URI=http://... python data.py <empty folder>
"""

import hashlib
import os
import sys
import time

import mlflow
import numpy as np
import pandas as pd
from mlflow.tracking import MlflowClient
from recorder import Recorder, code_of

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
client = MlflowClient()
record = Recorder()
frame = pd.DataFrame({"x": [1, 2, 3], "label": ["a", "b", "c"]})


def datasets():
    mlflow.set_experiment("datasets")
    with mlflow.start_run(run_name="with data") as run:
        pandas_dataset = mlflow.data.from_pandas(frame, source="s3://b/f.csv", name="frame")
        mlflow.log_input(pandas_dataset, context="training")
        mlflow.log_input(pandas_dataset, context="training")
        numbers = np.arange(12).reshape(3, 4)
        mlflow.log_input(mlflow.data.from_numpy(numbers, name="numbers"), context="testing")
        mlflow.log_metric("of the data", 1.5, dataset=pandas_dataset)
    with mlflow.start_run(run_name="without data"):
        mlflow.log_param("a", 1)
    found = client.get_run(run.info.run_id)

    def names(filter_string):
        runs = mlflow.search_runs(
            experiment_names=["datasets"], filter_string=filter_string, output_format="list"
        )
        return [run.info.run_name for run in runs]

    record["datasets"] = {
        "inputs": [
            [i.dataset.name, i.dataset.digest, i.dataset.source_type, i.dataset.source]
            + [i.dataset.schema, i.dataset.profile, [[tag.key, tag.value] for tag in i.tags]]
            for i in sorted(found.inputs.dataset_inputs, key=lambda i: i.dataset.name)
            if i.dataset.name == "frame"
        ],
        "names": sorted(i.dataset.name for i in found.inputs.dataset_inputs),
        "source": mlflow.data.get_source(found.inputs.dataset_inputs[0]).uri.split(":")[0]
        if found.inputs.dataset_inputs[0].dataset.name == "frame"
        else "s3",
        "by name": names("dataset.name = 'frame'"),
        "by digest": names(f"datasets.digest = '{pandas_dataset.digest}'"),
        "by context": names("dataset.context = 'testing' AND dataset.name LIKE 'num%'"),
        "by others": names("dataset.name = 'other'"),
    }


def tables_and_figures():
    import matplotlib.figure

    mlflow.set_experiment("figures")
    with mlflow.start_run() as run:
        figure = matplotlib.figure.Figure()
        figure.subplots().plot([1, 2, 3])
        mlflow.log_figure(figure, "plots/line.png")
        mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), "plots/black.png")
        mlflow.log_image(np.zeros((4, 4), dtype=np.uint8), key="steps", step=1, timestamp=1)
        mlflow.log_table(frame, "table.json")
        mlflow.log_table(frame, "table.json")
        mlflow.log_dict({"ü": [1]}, "names/with space & ümlaut.json")
        mlflow.log_text("x", "names/100%.txt")
        mlflow.log_text("y", "names/a+b=c.txt")
    run_id = run.info.run_id
    table = mlflow.load_table("table.json", run_ids=[run_id])
    mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="names", dst_path=folder)
    record["figures"] = {
        "plots": [file.path for file in client.list_artifacts(run_id, "plots")],
        "steps": len(client.list_artifacts(run_id, "images")),
        "table": table["label"].tolist(),
        "names": sorted(os.listdir(os.path.join(folder, "names"))),
        "listed": sorted(file.path for file in client.list_artifacts(run_id, "names")),
        "text": mlflow.artifacts.load_text(f"runs:/{run_id}/names/100%.txt"),
        "image": mlflow.artifacts.load_image(f"runs:/{run_id}/plots/black.png").size,
        "missing": code_of(lambda: mlflow.artifacts.load_text(f"runs:/{run_id}/none.txt")),
        "listing of nothing": client.list_artifacts(run_id, "nothing"),
        "listing of a file": client.list_artifacts(run_id, "table.json"),
    }


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def large_files():
    mlflow.set_experiment("large files")
    big = os.path.join(folder, "big.bin")
    with open(big, "wb") as file:
        for _ in range(30):
            file.write(os.urandom(1_000_000))
    with mlflow.start_run() as run:
        mlflow.log_artifact(big, "deep/er")
        many = os.path.join(folder, "many")
        os.makedirs(os.path.join(many, "sub"))
        for index in range(40):
            with open(os.path.join(many, "sub" if index % 2 else "", f"{index}.txt"), "w") as file:
                file.write(str(index))
        mlflow.log_artifacts(many, "many")
    run_id = run.info.run_id
    again = mlflow.artifacts.download_artifacts(f"runs:/{run_id}/deep/er/big.bin")
    back = mlflow.artifacts.download_artifacts(f"runs:/{run_id}/many", dst_path=folder + "/back")
    size = client.list_artifacts(run_id, "deep/er")[0].file_size
    count = sum(len(files) for _, _, files in os.walk(back))
    repository = mlflow.store.artifact.artifact_repository_registry.get_artifact_repository(
        run.info.artifact_uri
    )
    repository.delete_artifacts("many/sub")
    record["large files"] = {
        "same": digest_of(big) == digest_of(again),
        "size": size,
        "count": count,
        "left": len(client.list_artifacts(run_id, "many")),
    }


def own_figures():
    mlflow.set_experiment("machine")
    mlflow.set_system_metrics_sampling_interval(0.2)
    with mlflow.start_run(log_system_metrics=True) as run:
        deadline = time.time() + 20
        name = "system/cpu_utilization_percentage"
        while time.time() < deadline and not client.get_metric_history(run.info.run_id, name):
            time.sleep(0.2)
    metrics = client.get_run(run.info.run_id).data.metrics
    wanted = ["cpu_utilization_percentage", "system_memory_usage_megabytes"]
    record["machine"] = [f"system/{key}" in metrics for key in wanted]


for step in (datasets, tables_and_figures, large_files, own_figures):
    step()
record.print()
