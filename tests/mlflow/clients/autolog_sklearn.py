"""Autologging of scikit-learn: a plain fit, a pipeline and a search with its child runs.

Usage: MLFLOW_TRACKING_URI=http://... python autolog_sklearn.py
"""

import mlflow
from mlflow.tracking import MlflowClient
from recorder import Recorder
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

client = MlflowClient()
record = Recorder()
numbers, classes = load_iris(return_X_y=True)


def summary(run):
    data, inputs = run.data, run.inputs.dataset_inputs
    return {
        "params": data.params,
        "metrics": {key: round(value, 6) for key, value in data.metrics.items()},
        "tags": {key: data.tags.get(key) for key in ("estimator_name", "estimator_class")},
        "artifacts": sorted(file.path for file in client.list_artifacts(run.info.run_id)),
        "inputs": sorted([i.dataset.name, i.dataset.digest, i.tags[0].value] for i in inputs),
        "status": run.info.status,
        "models": len(run.outputs.model_outputs) if run.outputs else 0,
    }


mlflow.set_experiment("autolog")
mlflow.sklearn.autolog(log_input_examples=True, max_tuning_runs=4)
with mlflow.start_run(run_name="plain") as plain:
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    model.fit(numbers, classes)
    accuracy_score(classes, model.predict(numbers))
record["plain"] = summary(client.get_run(plain.info.run_id))
with mlflow.start_run(run_name="search") as search:
    grid = GridSearchCV(LogisticRegression(max_iter=300), {"C": [0.01, 1.0, 10.0]}, cv=3)
    grid.fit(numbers, classes)
record["search"] = summary(client.get_run(search.info.run_id))
children = client.search_runs(
    [search.info.experiment_id],
    f"tags.mlflow.parentRunId = '{search.info.run_id}'",
    order_by=["params.C"],
)
record["children"] = [
    [child.data.params["C"], round(child.data.metrics["mean_test_score"], 6)] for child in children
]
best = client.search_runs(
    [search.info.experiment_id], order_by=["metrics.best_cv_score DESC"], max_results=1
)
record["best"] = best[0].info.run_name
loaded = mlflow.sklearn.load_model(f"runs:/{plain.info.run_id}/model")
record["loaded"] = loaded.predict(numbers).tolist() == model.predict(numbers).tolist()
record.print()
