"""The registry as deployments use it: stages, copies, searches, pages. Run by 2.x and 3.x.

Usage: MLFLOW_TRACKING_URI=http://... python registry.py
"""

import mlflow
from mlflow.tracking import MlflowClient
from recorder import Recorder, all_pages, code_of, message_of

client = MlflowClient()
record = Recorder()
run = client.create_run(client.create_experiment("registry"))
run_id = record.name("run", run.info.run_id)
source = f"{run.info.artifact_uri}/model"


def summary(version):
    """What of a version does not depend on the clock."""
    return {
        "version": [version.name, version.version, version.current_stage, version.status],
        "run": [version.run_id, version.run_link],
        "source": version.source,
        "description": version.description,
        "tags": version.tags,
        "aliases": sorted(version.aliases),
    }


def stages():
    client.create_registered_model("staged")
    for _ in range(4):
        client.create_model_version("staged", source, run_id)
    move = client.transition_model_version_stage
    first = move("staged", "1", "Production")
    move("staged", "2", "staging")
    both = [v.version for v in client.get_latest_versions("staged")]
    second = move("staged", "2", "Production", archive_existing_versions=True)
    archived = client.get_model_version("staged", "1").current_stage
    move("staged", "3", "Production")
    record["stages"] = {
        "first": [first.current_stage, second.current_stage, archived],
        "latest before": sorted(both),
        "latest": sorted(
            [v.version, v.current_stage] for v in client.get_latest_versions("staged")
        ),
        "production": [v.version for v in client.get_latest_versions("staged", ["Production"])],
        "two": sorted(v.version for v in client.get_latest_versions("staged", ["none", "archived"])),
        "of the model": sorted(
            [v.version, v.current_stage] for v in client.get_registered_model("staged").latest_versions
        ),
        "unknown stage": message_of(lambda: move("staged", "1", "Nowhere")),
        "archive into none": code_of(lambda: move("staged", "1", "None", True)),
        "no version": code_of(lambda: move("staged", "9", "Staging")),
        "back": move("staged", "3", "None").current_stage,
        "latest of nothing": code_of(lambda: client.get_latest_versions("nothing")),
    }


def aliases():
    client.create_registered_model("aliased", tags={"kind": "x"}, description="has aliases")
    for index in range(3):
        client.create_model_version("aliased", source, run_id, tags={"n": str(index)})
    client.set_registered_model_alias("aliased", "a", "1")
    client.set_registered_model_alias("aliased", "b", "1")
    client.set_registered_model_alias("aliased", "a", 2)
    client.set_registered_model_alias("aliased", "A", "3")
    record["aliases"] = {
        "of the model": client.get_registered_model("aliased").aliases,
        "of versions": [sorted(client.get_model_version("aliased", v).aliases) for v in "123"],
        "found": summary(client.get_model_version_by_alias("aliased", "a")),
        "in a search": sorted(
            [v.version, sorted(v.aliases)] for v in client.search_model_versions("name='aliased'")
        ),
        "number": code_of(lambda: client.set_registered_model_alias("aliased", "v1", "1")),
        "latest": code_of(lambda: client.set_registered_model_alias("aliased", "latest", "1")),
        "bad name": code_of(lambda: client.set_registered_model_alias("aliased", "a/b", "1")),
        "too long": code_of(lambda: client.set_registered_model_alias("aliased", "a" * 256, "1")),
        "missing": message_of(lambda: client.get_model_version_by_alias("aliased", "nope")),
        "no model": code_of(lambda: client.get_model_version_by_alias("nope", "a")),
        "delete missing": client.delete_registered_model_alias("aliased", "nope"),
    }
    client.delete_model_version("aliased", "2")
    record["aliases"]["after a deletion"] = client.get_registered_model("aliased").aliases


def copies():
    copied = client.copy_model_version("models:/aliased/3", "production")
    again = client.copy_model_version("models:/aliased/1", "production")
    of_copy = client.copy_model_version("models:/production/1", "archive")
    record["copies"] = {
        "copied": [summary(copied), again.version, summary(of_copy)],
        "download": client.get_model_version_download_uri("production", "1"),
        "of the copy": client.get_model_version_download_uri("archive", "1"),
        "no source": code_of(lambda: client.copy_model_version("models:/aliased/77", "x")),
    }


def searches():
    for index in range(5):
        name = f"find me {index}"
        client.create_registered_model(name, tags={"i": str(index), "a.b": "c"})
    client.create_model_version("find me 1", source, run_id, tags={"its/own": 'a "tag"'})
    client.create_model_version("find me 2", "s3://bucket/some/other", run_link="http://x.y/z")

    def models(filter_string=None, order_by=None):
        found = client.search_registered_models(filter_string, order_by=order_by)
        return [model.name for model in found]

    def versions(filter_string=None, order_by=None):
        found = client.search_model_versions(filter_string, order_by=order_by)
        return [f"{version.name} {version.version}" for version in found]

    pages = all_pages(
        lambda token: client.search_registered_models(
            "name LIKE 'find%'", max_results=2, order_by=["name DESC"], page_token=token
        )
    )
    version_pages = all_pages(
        lambda token: client.search_model_versions(
            "name = 'staged'", max_results=3, order_by=["version_number ASC"], page_token=token
        )
    )
    record["model searches"] = {
        "pages": [[model.name for model in page] for page in pages],
        "by name": models("name = 'find me 3'"),
        "ilike": models("name ILIKE 'FIND ME %'", ["name ASC"]),
        "by tag": models("tags.i = '4'"),
        "two tags": models("tags.`i` = '2' AND tags.`a.b` = 'c'"),
        "newest": models("name LIKE 'find%'", ["timestamp DESC", "name DESC"]) != [],
        "bad": [
            code_of(lambda: models("nonsense = 'x'")),
            code_of(lambda: models("name > 'x'")),
            code_of(lambda: models(order_by=["nonsense"])),
            code_of(lambda: client.search_registered_models(max_results=2000)),
        ],
    }
    record["version searches"] = {
        "pages": [[version.version for version in page] for page in version_pages],
        "by run": sorted(versions(f"run_id = '{run_id}'")),
        "by runs": sorted(versions(f"run_id IN ('{run_id}', 'x') AND name = 'staged'")),
        "by source": versions("source_path = 's3://bucket/some/other'"),
        "source like": versions("source_path LIKE '%/other'"),
        "by number": sorted(versions("version_number = 3 AND name LIKE '%ed'")),
        "by tag": versions("tags.`its/own` = 'a \"tag\"'"),
        "tag and name": versions("name = 'aliased' AND tags.n = '0'"),
        "ordered": versions("name = 'staged'", ["version_number DESC"]),
        "bad": [
            code_of(lambda: versions("nonsense = 'x'")),
            code_of(lambda: versions("name = 1")),
            code_of(lambda: versions(order_by=["nonsense"])),
        ],
    }


def changes():
    version = client.get_model_version("find me 2", "1")
    updated = client.update_model_version("find me 2", "1", description="better")
    client.set_model_version_tag("find me 2", "1", "k", "v" * 5000)
    client.set_model_version_tag("find me 2", "1", "k2", "v2")
    client.delete_model_version_tag("find me 2", "1", "k")
    client.delete_model_version_tag("find me 2", "1", "missing")
    client.set_registered_model_tag("find me 2", "a.b", "new")
    client.delete_registered_model_tag("find me 2", "i")
    model = client.update_registered_model("find me 2", description="a model")
    client.rename_registered_model("find me 2", "found")
    record["changes"] = {
        "before": summary(version),
        "updated": [updated.description, updated.last_updated_timestamp >= version.creation_timestamp],
        "after": summary(client.get_model_version("found", "1")),
        "model": [model.description, client.get_registered_model("found").tags],
        "by latest": [v.version for v in client.get_latest_versions("found")],
        "old name": code_of(lambda: client.get_registered_model("find me 2")),
        "to a taken name": code_of(lambda: client.rename_registered_model("found", "staged")),
        "no version": code_of(lambda: client.get_model_version("found", "9")),
        "bad version": code_of(lambda: client.get_model_version("found", "x")),
        "no model": [
            code_of(lambda: client.create_model_version("nope", source, run_id)),
            code_of(lambda: client.set_registered_model_tag("nope", "a", "b")),
            code_of(lambda: client.update_registered_model("nope", "d")),
            code_of(lambda: client.delete_registered_model("nope")),
            code_of(lambda: client.delete_model_version("found", "9")),
        ],
        "bad names": [
            code_of(lambda: client.create_registered_model("")),
            code_of(lambda: client.create_registered_model("a/b")),
            code_of(lambda: client.create_registered_model("a:b")),
        ],
        "path": code_of(lambda: client.create_model_version("found", "mlflow-artifacts:/../x")),
    }
    client.delete_model_version("found", "1")
    again = client.create_model_version("found", source, run_id)
    client.delete_registered_model("found")
    record["changes"]["numbers go on"] = again.version
    record["changes"]["gone"] = code_of(lambda: client.get_registered_model("found"))


for step in (stages, aliases, copies, searches, changes):
    step()
record.print()
