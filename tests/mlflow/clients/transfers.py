"""Sends and gets artifacts, and tells which way they took."""

import hashlib
import json
import os
import sys

import mlflow
import requests
from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository

folder = sys.argv[1]
ways = {"parts": 0, "multipart downloads": 0, "proxied downloads": 0}


def counted(name, owner, method):
    original = getattr(owner, method)

    def call(*args, **kwargs):
        ways[name] += 1
        return original(*args, **kwargs)

    setattr(owner, method, call)


counted("multipart downloads", HttpArtifactRepository, "_multipart_download")
counted("proxied downloads", HttpArtifactRepository, "_download_file")
upload_part = HttpArtifactRepository._upload_part


def counted_part(*args, **kwargs):
    ways["parts"] += 1
    return upload_part(*args, **kwargs)


HttpArtifactRepository._upload_part = staticmethod(counted_part)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def write(name, size):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(os.urandom(size))
    return path


long = write("long file.bin", 23_000_000)
short = write("many/short.bin", 1000)
write("many/sub/longer.bin", 12_000_000)
seen = {}
with mlflow.start_run() as run:
    mlflow.log_artifact(long, "some folder")
    mlflow.log_artifacts(os.path.join(folder, "many"), "many")
    seen["parts"] = ways["parts"]
    seen["listed"] = [
        [found.path, found.file_size]
        for place in ["some folder", "many", "many/sub"]
        for found in mlflow.MlflowClient().list_artifacts(run.info.run_id, place)
    ]
    got = mlflow.artifacts.download_artifacts(
        run_id=run.info.run_id, artifact_path="some folder/long file.bin"
    )
    seen["same"] = digest(got) == digest(long)
    got = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="many")
    seen["same"] = seen["same"] and digest(os.path.join(got, "short.bin")) == digest(short)
    seen["sub"] = sorted(os.listdir(os.path.join(got, "sub")))
    seen["ways"] = ways
    repository = mlflow.store.artifact.artifact_repository_registry.get_artifact_repository(
        run.info.artifact_uri
    )
    repository.delete_artifacts("many")
    seen["left"] = [found.path for found in repository.list_artifacts()]

    def broken(*args, **kwargs):
        raise requests.ConnectionError("the line was cut")

    HttpArtifactRepository._upload_part = staticmethod(broken)
    try:
        mlflow.log_artifact(long, "broken")
        seen["broken"] = "it was sent"
    except Exception as error:
        seen["broken"] = type(error).__name__
    seen["left of it"] = [found.path for found in repository.list_artifacts("broken")]
print(json.dumps(seen))
