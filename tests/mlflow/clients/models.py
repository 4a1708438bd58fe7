"""Models of scikit-learn: logged, registered, found and loaded in every way that there is.

Usage: MLFLOW_TRACKING_URI=http://... python models.py
"""

import json

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from mlflow.tracking import MlflowClient
from recorder import Recorder, code_of
from sklearn.linear_model import LogisticRegression

client = MlflowClient()
record = Recorder()
is_three = hasattr(client, "search_logged_models")

numbers = np.random.default_rng(7).normal(size=(60, 3))
frame = pd.DataFrame(numbers, columns=["a", "b", "c"])
classes = (numbers.sum(axis=1) > 0).astype(int)
model = LogisticRegression().fit(frame, classes)
expected = model.predict(frame).tolist()


def predictions(uri):
    return mlflow.pyfunc.load_model(uri).predict(frame).tolist() == expected


def log(name, **more):
    """Logs the model under a name, as the client's version calls it."""
    where = {"name": name} if is_three else {"artifact_path": name}
    return mlflow.sklearn.log_model(
        model,
        **where,
        signature=infer_signature(frame, expected),
        input_example=frame[:2],
        pip_requirements=["scikit-learn"],
        **more,
    )


def log_and_load():
    mlflow.set_experiment("sklearn models")
    with mlflow.start_run(run_name="logs") as run:
        mlflow.log_metric("accuracy", 0.9)
        info = log("model", registered_model_name="linear", metadata={"made by": "test"})
    run_id = record.name("run", run.info.run_id)
    if is_three:
        record.name("model", info.model_id)
    registered = mlflow.register_model(f"runs:/{run_id}/model", "linear")
    direct = mlflow.register_model(info.model_uri, "linear", tags={"way": "direct"})
    client.set_registered_model_alias("linear", "champion", registered.version)
    client.transition_model_version_stage("linear", direct.version, "Production")
    uris = [f"runs:/{run_id}/model", info.model_uri, "models:/linear/1", "models:/linear/latest"]
    uris += ["models:/linear@champion", "models:/linear/Production"]
    record["loaded"] = {uri: predictions(uri) for uri in uris}
    native = mlflow.sklearn.load_model("models:/linear@champion")
    versions = [client.get_model_version("linear", version) for version in "123"]
    record["registered"] = {
        "versions": [[v.version, v.source, v.run_id, v.status, v.tags] for v in versions],
        "native": native.predict(frame).tolist() == expected,
        "signature": mlflow.models.get_model_info("models:/linear/1").signature.to_dict(),
        "files": sorted(file.path for file in mlflow.artifacts.list_artifacts(info.model_uri)),
        "of the run": sorted(file.path for file in client.list_artifacts(run_id)),
        "metadata": mlflow.models.get_model_info("models:/linear/1").metadata,
    }
    return run_id, info


def logged_models(run_id, info):
    found = client.get_logged_model(info.model_id)
    client.set_logged_model_tags(info.model_id, {"color": "red", "gone": "soon"})
    client.delete_logged_model_tag(info.model_id, "gone")
    with mlflow.start_run(run_id=run_id):
        mlflow.log_metric("f1", 0.8, model_id=info.model_id, step=1)
        mlflow.log_metric("f1", 0.85, model_id=info.model_id, step=2)
        dataset = mlflow.data.from_pandas(frame, name="frame", targets=None)
        mlflow.log_metric("recall", 0.7, model_id=info.model_id, dataset=dataset)
    external = mlflow.create_external_model(
        name="external", params={"depth": "3"}, tags={"color": "blue"}, model_type="tree"
    )
    record.name("external", external.model_id)
    pending = mlflow.initialize_logged_model(name="pending", params={"depth": "4"})
    record.name("pending", pending.model_id)
    failed = mlflow.initialize_logged_model(name="failed")
    client.finalize_logged_model(failed.model_id, "FAILED")
    client.log_model_params(pending.model_id, {"later": "5"})
    after = client.get_logged_model(info.model_id)
    experiment = found.experiment_id

    def names(filter_string=None, order_by=None, datasets=None):
        found = client.search_logged_models(
            [experiment], filter_string, order_by=order_by, datasets=datasets
        )
        return [model.name for model in found]

    by_time = [{"field_name": "creation_timestamp", "ascending": True}]
    by_metric = [{"field_name": "metrics.f1", "ascending": False}]
    one_page = client.search_logged_models([experiment], max_results=3, order_by=by_time)
    record["logged models"] = {
        "found": [found.name, found.status, found.source_run_id, found.model_uri],
        "place": found.artifact_location,
        "params": client.get_logged_model(pending.model_id).params,
        "tags": {key: value for key, value in after.tags.items() if not key.startswith("mlflow.")},
        "versions": sorted(
            {f"{v['name']} {v['version']}" for v in json.loads(after.tags["mlflow.modelVersions"])}
        ),
        "metrics": sorted([m.key, m.value, m.step, m.dataset_name] for m in after.metrics),
        "run outputs": [
            [output.model_id, output.step] for output in client.get_run(run_id).outputs.model_outputs
        ],
        "all": names(order_by=by_time),
        "by name": names("name = 'external'"),
        "like": names("name LIKE '%e%'", by_time),
        "by status": [names("status = 'READY'", by_time), names("status = 'PENDING'")],
        "by tag": names("tags.color = 'blue'"),
        "by param": names("params.depth = '4'"),
        "by metric": names("metrics.f1 > 0.8"),
        "by type": names("model_type = 'tree'"),
        "by run": names(f"source_run_id = '{run_id}'"),
        "of a dataset": names("metrics.recall > 0.5", datasets=[{"dataset_name": "frame"}]),
        "of another": names("metrics.recall > 0.5", datasets=[{"dataset_name": "other"}]),
        "ordered": names(order_by=by_metric)[0],
        "page": [[model.name for model in one_page], bool(one_page.token)],
        "second page": [
            model.name
            for model in client.search_logged_models(
                [experiment], max_results=3, order_by=by_time, page_token=one_page.token
            )
        ],
        "bad": [
            code_of(lambda: names("nonsense ~ 1")),
            code_of(lambda: names("metrics.f1 = 'x'")),
            code_of(lambda: client.get_logged_model("m-nothing")),
            code_of(lambda: client.finalize_logged_model("m-nothing", "READY")),
            code_of(lambda: client.delete_logged_model_tag(info.model_id, "missing")),
        ],
        "last": mlflow.last_logged_model().name,
    }
    client.delete_logged_model(external.model_id)
    record["logged models"]["deleted"] = [
        code_of(lambda: client.get_logged_model(external.model_id)),
        "external" in names(),
    ]


def searched_for(run_id):
    frame_of_models = mlflow.search_logged_models(output_format="pandas")
    record["as tables"] = {
        "models": sorted(frame_of_models["name"]),
        "runs": mlflow.search_runs(experiment_names=["sklearn models"])["run_id"].tolist()
        == [run_id],
    }


the_run, the_info = log_and_load()
if is_three:
    logged_models(the_run, the_info)
    searched_for(the_run)
record.print()
