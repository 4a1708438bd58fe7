"""Autologging of Keras 3 (on JAX): curves by epoch, parameters, the model, and loading it back.

Usage: MLFLOW_TRACKING_URI=http://... KERAS_BACKEND=jax python autolog_keras.py
"""

import keras
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from recorder import Recorder

client = MlflowClient()
record = Recorder()
keras.utils.set_random_seed(1)
numbers = np.random.default_rng(0).normal(size=(120, 4)).astype("float32")
classes = (numbers.sum(axis=1) > 0).astype("int32")

mlflow.set_experiment("keras")
mlflow.keras.autolog()
model = keras.Sequential(
    [
        keras.layers.Input((4,)),
        keras.layers.Dense(8, activation="relu"),
        keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
with mlflow.start_run() as run:
    fitted = model.fit(numbers, classes, epochs=3, validation_split=0.25, verbose=0)
run_id = record.name("run", run.info.run_id)
found = client.get_run(run_id)
losses = [metric.value for metric in client.get_metric_history(run_id, "loss")]
record["run"] = {
    "params": found.data.params,
    "metrics": sorted(found.data.metrics),
    "curve": losses == fitted.history["loss"],
    "steps": [metric.step for metric in client.get_metric_history(run_id, "val_loss")],
    "artifacts": sorted(file.path for file in client.list_artifacts(run_id)),
    "inputs": [[i.dataset.name, i.dataset.digest] for i in found.inputs.dataset_inputs],
    "models": len(found.outputs.model_outputs),
    "status": found.info.status,
}
mlflow.register_model(f"runs:/{run_id}/model", "keras model")
loaded = mlflow.keras.load_model("models:/keras model/1")
same = np.allclose(loaded.predict(numbers, verbose=0), model.predict(numbers, verbose=0))
record["loaded"] = bool(same)
record.print()
