"""Reads and writes with whatever credentials the variables have, and prints how that went.

Usage: MLFLOW_TRACKING_URI=http://... python access.py <empty folder>
"""

import json
import time

import mlflow
from mlflow.exceptions import MlflowException, RestException
from mlflow.tracking import MlflowClient

client = MlflowClient()
seen = {}


def attempt(name, action):
    try:
        seen[name] = action()
    except (RestException, MlflowException) as error:
        seen[name] = error.error_code


def log_artifact():
    with mlflow.start_run():
        mlflow.log_text("hello", "notes/a.txt")
        return mlflow.artifacts.load_text(mlflow.get_artifact_uri("notes/a.txt"))


def promote():
    client.create_registered_model("digits")
    version = client.create_model_version("digits", "file:///models/1").version
    client.set_registered_model_alias("digits", "champion", version)
    return version


started = time.time()
attempt("experiments", lambda: [found.name for found in client.search_experiments()])
attempt("runs", lambda: len(client.search_runs(["0"], filter_string="metrics.m > 1")))
attempt("models", lambda: [found.name for found in client.search_registered_models()])
attempt("create", lambda: client.create_run("0").info.status)
attempt("artifact", log_artifact)
attempt("promote", promote)
# Tried again, each refusal would take minutes.
seen["at once"] = time.time() - started < 30
print(json.dumps(seen))
