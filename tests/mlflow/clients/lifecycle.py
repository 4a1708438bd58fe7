"""The rest of what MLflow's client does without a model: run by 2.x and 3.x, full and skinny.

Usage: MLFLOW_TRACKING_URI=http://... python lifecycle.py
"""

import time

import mlflow
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.tracking import MlflowClient
from recorder import Recorder, all_pages, code_of, message_of

client = MlflowClient()
record = Recorder()


def experiments():
    ids = [client.create_experiment(f"life {index}", tags={"n": str(index)}) for index in range(5)]
    client.set_experiment_tag(ids[0], "long", "x" * 5000)
    client.delete_experiment(ids[4])
    filter_string = "name LIKE 'life%'"

    def names(order_by=None, view_type=ViewType.ACTIVE_ONLY, filter_string=filter_string):
        found = client.search_experiments(view_type, 100, filter_string, order_by)
        return [experiment.name for experiment in found]

    pages = all_pages(
        lambda token: client.search_experiments(
            max_results=2, filter_string=filter_string, order_by=["name ASC"], page_token=token
        )
    )
    record["experiments"] = {
        "pages": [[experiment.name for experiment in page] for page in pages],
        "by name": names(["name DESC"]),
        "by id": names(["experiment_id ASC"], ViewType.ALL),
        "newest first": names(["creation_time DESC", "name ASC"]),
        "deleted": names(view_type=ViewType.DELETED_ONLY),
        "by tag": names(filter_string="tags.n = '3'"),
        "by tag like": names(["name"], filter_string="tag.n ILIKE '%' AND name LIKE 'life%'"),
        "not": names(["name"], filter_string="name LIKE 'life%' AND tags.n != '3'"),
        "created": names(["name"], filter_string="creation_time > 0 AND name ILIKE 'LIFE%'"),
        "stage": client.get_experiment(ids[4]).lifecycle_stage,
        "log to deleted": code_of(lambda: client.create_run(ids[4])),
        "delete twice": code_of(lambda: client.delete_experiment(ids[4])),
        "restore active": code_of(lambda: client.restore_experiment(ids[0])),
        "missing": code_of(lambda: client.get_experiment("123456")),
        "no name": code_of(lambda: client.create_experiment("")),
        "name taken": code_of(lambda: client.rename_experiment(ids[0], "life 1")),
        "bad filter": code_of(lambda: names(filter_string="nonsense = 'x'")),
        "bad order": code_of(lambda: names(order_by=["nonsense"])),
        "bad token": code_of(lambda: client.search_experiments(page_token="???")),
    }
    if hasattr(client, "delete_experiment_tag"):
        client.delete_experiment_tag(ids[0], "long")
        record["deleted experiment tag"] = client.get_experiment(ids[0]).tags
        record["no experiment tag"] = code_of(lambda: client.delete_experiment_tag(ids[0], "long"))
    client.restore_experiment(ids[4])


def nested_runs():
    mlflow.set_experiment("nested")
    with mlflow.start_run(run_name="parent", description="has children") as parent:
        for index in range(2):
            with mlflow.start_run(run_name=f"child {index}", nested=True, tags={"i": str(index)}):
                mlflow.log_metric("m", index)
                with mlflow.start_run(run_name=f"grandchild {index}", nested=True):
                    mlflow.log_param("deep", True)
    parent_id = record.name("parent", parent.info.run_id)
    found = client.search_runs(
        [parent.info.experiment_id],
        f"tags.mlflow.parentRunId = '{parent_id}'",
        order_by=["attributes.start_time ASC"],
    )
    try:
        with mlflow.start_run(run_name="fails"):
            raise ValueError("on purpose")
    except ValueError:
        pass
    failed = client.search_runs([parent.info.experiment_id], "attributes.status = 'FAILED'")
    with mlflow.start_run(run_id=parent_id):
        mlflow.log_metric("later", 1)
    again = client.get_run(parent_id)
    record["nested"] = {
        "children": [[run.info.run_name, run.info.status] for run in found],
        "parent of child": mlflow.get_parent_run(found[0].info.run_id).info.run_name,
        "note": again.data.tags["mlflow.note.content"],
        "failed": [run.info.run_name for run in failed],
        "resumed": [again.info.status, again.data.metrics],
    }


def finding_runs():
    experiment = client.create_experiment("finding")
    rows = [("a", 0.5, "x"), ("b", 0.75, "X y"), ("c", None, "it's"), ("d", 2.5e-7, "x"), ("e", -1.0, None)]
    for index, (name, metric, param) in enumerate(rows):
        run = client.create_run(experiment, start_time=1000 + index, run_name=name)
        run_id = record.name(f"run {name}", run.info.run_id)
        if metric is not None:
            client.log_metric(run_id, "my metric", metric, timestamp=1, step=1)
        if param is not None:
            client.log_param(run_id, "p/q", param)
        client.set_tag(run_id, "a.b-c", name * 2)
        client.set_terminated(run_id, "FINISHED" if index % 2 else "KILLED", 2000 - index)

    def names(filter_string="", order_by=("attributes.start_time",), view=ViewType.ACTIVE_ONLY):
        found = client.search_runs([experiment], filter_string, view, 100, list(order_by))
        return "".join(run.info.run_name for run in found)

    filters = [
        "metrics.`my metric` > 0.5",
        "metrics.'my metric' >= 0.5",
        'metric."my metric" < 1e-6',
        "metrics.`my metric` != 0.5 and params.`p/q` = 'x'",
        "params.`p/q` LIKE '%x%'",
        "params.`p/q` ILIKE 'x%'",
        "params.`p/q` = \"it's\"",
        "tags.`a.b-c` IN ('aa', 'cc', 'zz')",
        "tag.a.b-c = 'bb'",
        "tags.a.b-c NOT IN ('aa', 'cc')",
        "attributes.run_name IN ('a', 'e')",
        "run_name LIKE '_'",
        "attribute.status != 'KILLED'",
        "status = 'FINISHED' AND start_time > 1001",
        "end_time <= 1997",
        "attributes.`run name` = 'b'",
        "attr.artifact_uri LIKE 'mlflow-artifacts:%'",
        "created >= 1003",
        "tags.missing = 'x'",
        "params.`p/q` IS NULL",
        "metrics.`my metric` IS NULL",
    ]
    record["filters"] = {text: outcome(lambda t=text: names(t)) for text in filters}
    orders = [
        ["metrics.`my metric` DESC"],
        ["metrics.`my metric` ASC", "start_time DESC"],
        ["params.`p/q`"],
        ["tags.a.b-c DESC"],
        ["attributes.end_time"],
        ["run_name DESC"],
        ["status", "start_time DESC"],
        ["metrics.missing", "start_time"],
    ]
    record["orders"] = {", ".join(o): outcome(lambda o=o: names(order_by=o)) for o in orders}
    refused = [
        "metrics.`my metric` = 'x'",
        "metrics.`my metric` LIKE '1'",
        "params.`p/q` > 'x'",
        "params.x = 1",
        "nonsense.x = 'y'",
        "status",
        "status = 'A' OR status = 'B'",
        "metrics.a > 1 AND",
        "run_id IN ()",
        "tags.x = 'y'; DROP TABLE runs",
        "attributes.nonsense = 'x'",
    ]
    record["refused filters"] = {text: code_of(lambda t=text: names(t)) for text in refused}
    record["refused"] = {
        "order": code_of(lambda: names(order_by=["nonsense.x"])),
        "order twice": code_of(lambda: names(order_by=["start_time DESC ASC"])),
        "too many": code_of(lambda: client.search_runs([experiment], max_results=60_000)),
        "token": code_of(lambda: client.search_runs([experiment], page_token="nonsense")),
    }
    pages = all_pages(
        lambda token: client.search_runs(
            [experiment], max_results=2, order_by=["metrics.`my metric` DESC"], page_token=token
        )
    )
    record["run pages"] = [[run.info.run_name for run in page] for page in pages]
    client.delete_run(client.search_runs([experiment], "run_name = 'c'")[0].info.run_id)
    record["views"] = [names(view=view) for view in (1, 2, 3)]


def outcome(search):
    """What a search found, or how it was refused."""
    try:
        return search()
    except mlflow.exceptions.MlflowException as error:
        return error.error_code


def limits():
    experiment = client.create_experiment("limits")
    run_id = record.name("limits", client.create_run(experiment).info.run_id)
    metric = lambda key, value=1.0: Metric(key, value, 1, 0)  # noqa: E731
    client.log_batch(run_id, params=[Param(f"p{index}", "v") for index in range(100)])
    client.log_batch(run_id, tags=[RunTag(f"t{index}", "v") for index in range(100)])
    client.log_param(run_id, "long", "x" * 6000)
    client.set_tag(run_id, "long", "x" * 8000)
    client.log_metric(run_id, "k" * 250, 1)
    client.log_metric(run_id, "weird/key: with-every_thing.ok", 1)
    run = client.get_run(run_id)
    record["limits"] = {
        "logged": [len(run.data.params), len(run.data.tags), sorted(run.data.metrics)],
        "params": message_of(
            lambda: client.log_batch(run_id, params=[Param(f"q{i}", "v") for i in range(101)])
        ),
        "tags": message_of(
            lambda: client.log_batch(run_id, tags=[RunTag(f"q{i}", "v") for i in range(101)])
        ),
        "metrics": message_of(
            lambda: client.log_batch(run_id, metrics=[metric(f"m{i}") for i in range(1001)])
        ),
        "key": code_of(lambda: client.log_metric(run_id, "k" * 251, 1)),
        "name": code_of(lambda: client.log_metric(run_id, "a?b", 1)),
        "path": code_of(lambda: client.log_metric(run_id, "../x", 1)),
        "param": code_of(lambda: client.log_param(run_id, "longer", "x" * 6001)),
        "tag": len(client.get_run(run_id).data.tags["long"]),
        "param changed": code_of(lambda: client.log_param(run_id, "p1", "other")),
        "params changed": code_of(
            lambda: client.log_batch(run_id, params=[Param("p1", "other"), Param("new", "1")])
        ),
        "nothing of it": "new" in client.get_run(run_id).data.params,
        "twice": code_of(
            lambda: client.log_batch(run_id, params=[Param("d", "1"), Param("d", "2")])
        ),
        "bad run id": code_of(lambda: client.get_run("nonsense")),
    }


def history():
    experiment = client.create_experiment("history")
    run_id = record.name("history", client.create_run(experiment).info.run_id)
    for start in range(0, 3000, 1000):
        batch = [Metric("m", (i * 7) % 1000 / 8, i, i) for i in range(start, start + 1000)]
        client.log_batch(run_id, metrics=batch)
    client.log_batch(run_id, [Metric("nan", float("nan"), 1, 0), Metric("zero", -0.0, 1, -3)])
    client.log_metric(run_id, "m", 5, timestamp=1, step=1)
    values = client.get_metric_history(run_id, "m")
    run = client.get_run(run_id)
    record["history"] = {
        "count": len(values),
        "sum": sum(metric.value for metric in values),
        "first": [[m.value, m.timestamp, m.step] for m in values[:3]],
        "latest": run.data.metrics["m"],
        "nan": str(run.data.metrics["nan"]),
        "negative step": [m.step for m in client.get_metric_history(run_id, "zero")],
        "none": client.get_metric_history(run_id, "nothing"),
    }


def in_the_background():
    mlflow.set_experiment("background")
    with mlflow.start_run() as run:
        operations = [
            mlflow.log_metric("m", index, step=index, synchronous=False) for index in range(50)
        ]
        operations.append(mlflow.log_params({"a": 1, "b": 2}, synchronous=False))
        operations.append(mlflow.set_tags({"t": "1"}, synchronous=False))
        for operation in operations:
            operation.wait()
    mlflow.flush_async_logging()
    found = client.get_run(run.info.run_id)
    record["background"] = {
        "history": [m.value for m in client.get_metric_history(run.info.run_id, "m")]
        == [float(index) for index in range(50)],
        "params": found.data.params,
        "tag": found.data.tags["t"],
    }


def times():
    before = int(time.time() * 1000)
    experiment = client.create_experiment("times")
    run = client.create_run(experiment)
    client.set_terminated(run.info.run_id)
    ended = client.get_run(run.info.run_id).info
    made = client.get_experiment(experiment).creation_time
    record["times"] = before - 2000 <= made <= ended.end_time + 2000


for step in (experiments, nested_runs, finding_runs, limits, history, in_the_background, times):
    step()
record.print()
