import { call } from "../call.ts";

/** A model that was logged by a run, which MLflow keeps apart from the run since version 3. */
export interface LoggedModel {
  readonly info: {
    readonly model_id: string;
    readonly name: string;
    readonly artifact_uri: string;
    readonly status: string;
  };
}

/** A logged model. */
export async function fetchLoggedModel(id: string, signal: AbortSignal): Promise<LoggedModel> {
  const { model } = await call<{ model: LoggedModel }>(
    `mlflow/logged-models/${encodeURIComponent(id)}`,
    { signal },
  );
  return model;
}
