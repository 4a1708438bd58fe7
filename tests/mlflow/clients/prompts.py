"""The prompt registry, which keeps prompts among the registered models. MLflow 3 only.

Usage: MLFLOW_TRACKING_URI=http://... python prompts.py
"""

import warnings

import mlflow
from mlflow.tracking import MlflowClient
from recorder import Recorder, code_of

warnings.filterwarnings("ignore")
client = MlflowClient()
record = Recorder()


def prompts():
    register = mlflow.genai.register_prompt
    first = register(
        name="greet", template="Hi {{name}}", commit_message="first", tags={"tone": "warm"}
    )
    second = register(name="greet", template=[{"role": "user", "content": "Hello {{name}}"}])
    mlflow.genai.set_prompt_alias("greet", alias="prod", version=1)
    client.set_prompt_tag("greet", "team", "words")
    client.set_prompt_version_tag("greet", "1", "checked", "yes")
    load = mlflow.genai.load_prompt
    record["prompts"] = {
        "versions": [first.version, second.version],
        "text": [first.template, load("prompts:/greet@prod").template, load("greet", version=2).template],
        "latest": load("prompts:/greet@latest").version,
        "filled": load("prompts:/greet/1").format(name="Ada"),
        "tags": [client.get_prompt("greet").tags["team"], load("prompts:/greet/1").tags],
        "found": [prompt.name for prompt in mlflow.genai.search_prompts("name = 'greet'")],
        "all versions": sorted(v.version for v in client.search_prompt_versions("greet")),
        "not a model": [
            [model.name for model in client.search_registered_models()],
            [version.name for version in client.search_model_versions("name = 'greet'")],
        ],
        "no prompt": code_of(lambda: load("prompts:/nothing/1")),
        "model of that name": code_of(lambda: client.create_registered_model("greet")),
    }
    mlflow.genai.delete_prompt_alias("greet", alias="prod")
    client.delete_prompt_tag("greet", "team")
    client.delete_prompt_version("greet", "1")
    record["after"] = {
        "tag": client.get_prompt("greet").tags.get("team"),
        "versions": [v.version for v in client.search_prompt_versions("greet")],
        "alias": code_of(lambda: load("prompts:/greet@prod", allow_missing=False)),
    }


prompts()
record.print()
