import { call } from "../call.ts";
import type { Pair } from "./runs.ts";

/** An experiment; times are milliseconds since 1970. */
export interface Experiment {
  readonly experiment_id: string;
  readonly name: string;
  readonly artifact_location?: string;
  readonly lifecycle_stage: string;
  readonly creation_time?: number;
  readonly last_update_time?: number;
  readonly tags?: readonly Pair[];
}

/** How much happens in an experiment. */
export interface Activity {
  readonly experiment_id: string;
  readonly runs: number;
  readonly running: number;
  readonly last_start_time: number;
}

/** An experiment and how much happens in it. */
export interface ActiveExperiment extends Experiment {
  readonly activity?: Activity | undefined;
}

/** All experiments that are not deleted, those where something happened last first. */
export async function fetchExperiments(signal: AbortSignal): Promise<ActiveExperiment[]> {
  const [experiments, { experiments: activities = [] }] = await Promise.all([
    allExperiments(signal),
    call<{ experiments?: readonly Activity[] }>("updraft/experiments/activity", { signal }),
  ]);
  const byId = new Map(activities.map((one) => [one.experiment_id, one]));
  const active = experiments.map((one) => ({ ...one, activity: byId.get(one.experiment_id) }));
  return active.toSorted((a, b) => latest(b) - latest(a));
}

/** An experiment. */
export async function fetchExperiment(id: string, signal: AbortSignal): Promise<Experiment> {
  const fields = { experiment_id: id };
  const answer = await call<{ experiment: Experiment }>("mlflow/experiments/get", {
    fields,
    signal,
  });
  return answer.experiment;
}

/** Changes what an experiment is called. */
export async function renameExperiment(experiment_id: string, new_name: string): Promise<void> {
  await call("mlflow/experiments/update", { method: "POST", fields: { experiment_id, new_name } });
}

/** Sets a tag of an experiment. */
export async function setExperimentTag(experiment_id: string, key: string, value: string) {
  const fields = { experiment_id, key, value };
  await call("mlflow/experiments/set-experiment-tag", { method: "POST", fields });
}

async function allExperiments(signal: AbortSignal): Promise<Experiment[]> {
  const all: Experiment[] = [];
  let page_token: string | undefined;
  do {
    const page: { experiments?: Experiment[]; next_page_token?: string } = await call(
      "mlflow/experiments/search",
      { method: "POST", fields: { max_results: 1000, page_token }, signal },
    );
    all.push(...(page.experiments ?? []));
    page_token = page.next_page_token;
  } while (page_token);
  return all;
}

function latest({ activity, last_update_time, creation_time }: ActiveExperiment): number {
  return activity?.last_start_time ?? last_update_time ?? creation_time ?? 0;
}
