"""Uses the tracker as people use MLflow, with MLflow's own client, and prints what came back.

Usage: MLFLOW_TRACKING_URI=http://... python mlflow-client.py <empty folder>
"""

import json
import math
import os
import sys

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException, RestException
from mlflow.tracking import MlflowClient

folder = sys.argv[1]
client = MlflowClient()
seen = {}


def code_of(action):
    """The error code of what must fail."""
    try:
        action()
    except (RestException, MlflowException) as error:
        return error.error_code
    raise AssertionError("nothing was raised")


def experiments():
    mlflow.set_experiment("digits")
    mlflow.set_experiment("digits")
    experiment = client.get_experiment_by_name("digits")
    client.set_experiment_tag(experiment.experiment_id, "team", "vision")
    other = client.create_experiment("other", tags={"a": "b"})
    client.rename_experiment(other, "renamed")
    client.delete_experiment(other)
    deleted = client.search_experiments(view_type=ViewType.DELETED_ONLY)
    client.restore_experiment(other)
    seen["experiments"] = {
        "location": experiment.artifact_location,
        "tags": client.get_experiment(experiment.experiment_id).tags,
        "missing": client.get_experiment_by_name("nope"),
        "deleted": [found.name for found in deleted],
        "all": sorted(found.name for found in client.search_experiments()),
        "by tag": [e.name for e in client.search_experiments(filter_string="tags.team = 'vision'")],
        "twice": code_of(lambda: client.create_experiment("digits")),
    }


def run():
    with mlflow.start_run(run_name="first") as active:
        run_id = active.info.run_id
        mlflow.log_param("epochs", 3)
        mlflow.log_params({"rate": 0.001, "note": "schnell & gut ✓"})
        for step, value in enumerate([0.5, float("nan"), 0.25]):
            mlflow.log_metric("loss", value, step=step, timestamp=1000 + step)
        mlflow.log_metrics({"accuracy": 0.99, "best": math.inf, "worst": -math.inf}, step=2)
        mlflow.set_tag("updraft.gate", "passed")
        mlflow.set_tags({"a": "1", "b": "2"})
        client.delete_tag(run_id, "b")
        dataset = Dataset("mnist-10k", "a1b2c3", "http", '{"url": "https://example.com"}')
        used = DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])
        client.log_inputs(run_id, [used])
        mlflow.log_text("one\n", "notes/one.txt")
        mlflow.log_dict({"x": [1, 2]}, "evaluation/numbers.json")
        mlflow.log_text("flavors: {}\n", "model/MLmodel")
        mlflow.log_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "evaluation/loss curve.svg")
    batch = [Metric("many", index / 7, 2000 + index, index) for index in range(1000)]
    client.log_batch(run_id, metrics=batch)
    client.log_batch(run_id, metrics=batch)
    client.log_batch(run_id, params=[Param("p", "1")], tags=[RunTag("t", "2")])
    client.update_run(run_id, name="renamed")
    found = client.get_run(run_id)
    history = client.get_metric_history(run_id, "many")
    seen["run"] = {
        "status": found.info.status,
        "name": [found.info.run_name, found.data.tags["mlflow.runName"]],
        "uri": found.info.artifact_uri.replace(run_id, "<run>"),
        "ended": found.info.end_time >= found.info.start_time,
        "params": found.data.params,
        "metrics": {key: str(value) for key, value in sorted(found.data.metrics.items())},
        "tags": {key: found.data.tags.get(key) for key in ["updraft.gate", "a", "b", "t"]},
        "losses": [str(m.value) for m in client.get_metric_history(run_id, "loss")],
        "history": [len(history), sum(m.value for m in history) == sum(m.value for m in batch)],
        "inputs": [
            [i.dataset.name, i.dataset.digest, i.tags[0].value] for i in found.inputs.dataset_inputs
        ],
        "same param": client.log_param(run_id, "p", "1"),
        "other param": code_of(lambda: client.log_param(run_id, "p", "2")),
        "no run": code_of(lambda: client.get_run("0" * 32)),
        "no tag": code_of(lambda: client.delete_tag(run_id, "b")),
    }
    return run_id


def artifacts(run_id):
    listed = client.list_artifacts(run_id)
    below = client.list_artifacts(run_id, "evaluation")
    downloaded = client.download_artifacts(run_id, "", folder)
    with open(os.path.join(downloaded, "notes/one.txt")) as file:
        text = file.read()
    big = os.path.join(folder, "big.bin")
    with open(big, "wb") as file:
        file.write(os.urandom(5_000_000))
    client.log_artifact(run_id, big, "deep/er")
    again = client.download_artifacts(run_id, "deep/er/big.bin", folder)
    with open(big, "rb") as sent, open(again, "rb") as received:
        same = sent.read() == received.read()
    seen["artifacts"] = {
        "listed": [[file.path, file.is_dir] for file in listed],
        "below": [[file.path, file.is_dir, file.file_size] for file in below],
        "text": text,
        "loaded": mlflow.artifacts.load_dict(f"runs:/{run_id}/evaluation/numbers.json"),
        "big": same,
    }


def search(experiment_id):
    for index in range(5):
        with mlflow.start_run(run_name=f"run {index}"):
            mlflow.log_metric("score", index if index != 3 else float("nan"))
            mlflow.log_param("kind", "even" if index % 2 == 0 else "odd")
            mlflow.set_tag("mlflow.note.content", f"note {index}")
    running = client.create_run(experiment_id, run_name="still going")

    def names(filter_string="", order_by=None, max_results=100):
        found = client.search_runs([experiment_id], filter_string, 1, max_results, order_by)
        return [found_run.info.run_name for found_run in found]

    pages, token = [], None
    while True:
        page = client.search_runs([experiment_id], max_results=2, page_token=token)
        pages.append([found.info.run_name for found in page])
        token = page.token
        if not token:
            break
    seen["search"] = {
        "pages": pages,
        "oldest first": names("params.kind = 'even'", ["attributes.start_time ASC"]),
        "running": names("attributes.status = 'RUNNING'"),
        "tag and metric": names("tags.`mlflow.note.content` LIKE 'note%' AND metrics.score >= 2"),
        "by score": names("metrics.score != 100", ["metrics.score DESC"]),
        "nothing": names("tags.x = 'y'"),
        "bad": code_of(lambda: names("metrics.score ~ 3")),
    }
    client.set_terminated(running.info.run_id, "KILLED")
    client.delete_run(running.info.run_id)
    seen["search"]["deleted"] = [
        found.info.status
        for found in client.search_runs([experiment_id], run_view_type=ViewType.DELETED_ONLY)
    ]
    seen["search"]["log to deleted"] = code_of(
        lambda: client.log_metric(running.info.run_id, "m", 1)
    )
    client.restore_run(running.info.run_id)


def registry(run_id):
    source = f"runs:/{run_id}/model"
    client.create_registered_model("digits", tags={"kind": "image"}, description="Reads digits")
    first = client.create_model_version("digits", source, run_id, tags={"updraft.digest": "sha256:1"})
    second = mlflow.register_model(source, "digits", tags={"updraft.digest": "sha256:2"})
    client.set_registered_model_alias("digits", "challenger", "1")
    client.set_registered_model_alias("digits", "champion", "1")
    client.set_registered_model_alias("digits", "champion", second.version)
    client.delete_registered_model_alias("digits", "challenger")
    client.delete_registered_model_alias("digits", "challenger")
    client.set_model_version_tag("digits", "2", "updraft.gate", "passed")
    client.update_model_version("digits", "2", description="better")
    client.set_registered_model_tag("digits", "owner", "me")
    model = client.get_registered_model("digits")
    champion = client.get_model_version_by_alias("digits", "champion")
    by_tag = "name = 'digits' AND tags.`updraft.digest` = 'sha256:1'"
    seen["registry"] = {
        "first": [first.version, first.status, first.run_id == run_id, first.tags],
        "champion": [champion.version, list(champion.aliases), champion.description, champion.tags],
        "model": [model.description, model.tags, model.aliases],
        "latest": [version.version for version in model.latest_versions],
        "versions": [v.version for v in client.search_model_versions("name='digits'")],
        "by tag": [v.version for v in client.search_model_versions(by_tag)],
        "models": [found.name for found in client.search_registered_models()],
        "named": [found.name for found in client.search_registered_models("name LIKE 'dig%'")],
        "download": [
            client.get_model_version_download_uri("digits", version).replace(run_id, "<run>")
            for version in ["1", "2"]
        ],
        "twice": code_of(lambda: client.create_registered_model("digits")),
        "no alias": code_of(lambda: client.get_model_version_by_alias("digits", "nope")),
        "no version": code_of(lambda: client.set_registered_model_alias("digits", "a", "9")),
        "no model": code_of(lambda: client.get_registered_model("nope")),
    }
    client.delete_model_version("digits", "2")
    third = client.create_model_version("digits", source, run_id)
    client.rename_registered_model("digits", "numbers")
    seen["registry"]["after"] = [
        third.version,
        client.get_registered_model("numbers").aliases,
        [v.version for v in client.search_model_versions("name='numbers'")],
    ]
    client.delete_registered_model("numbers")
    seen["registry"]["left"] = [found.name for found in client.search_registered_models()]


experiments()
the_run = run()
artifacts(the_run)
search(client.get_experiment_by_name("digits").experiment_id)
registry(the_run)
print(json.dumps(seen))
