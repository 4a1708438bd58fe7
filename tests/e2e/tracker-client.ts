import { z } from "zod";

const Tag = z.object({ key: z.string(), value: z.string() });
const Run = z.object({
  info: z.object({ run_id: z.string(), status: z.string() }),
  data: z.object({ tags: z.array(Tag).default([]) }),
});
export type Run = z.infer<typeof Run>;

/** The version that an alias stands for, as text. */
export async function versionOf(trackerUrl: string, model: string, alias: string): Promise<string> {
  const query = new URLSearchParams({ name: model, alias });
  const answer = await fetch(`${trackerUrl}/api/2.0/mlflow/registered-models/alias?${query}`);
  const body = z
    .object({ model_version: z.object({ version: z.string() }) })
    .parse(await answer.json());
  return body.model_version.version;
}

/** All runs of all experiments, the newest first. */
export async function runs(trackerUrl: string): Promise<Run[]> {
  const experiments = z
    .object({ experiments: z.array(z.object({ experiment_id: z.string() })) })
    .parse(await post(trackerUrl, "experiments/search", { max_results: 100 })).experiments;
  const body = await post(trackerUrl, "runs/search", {
    experiment_ids: experiments.map((experiment) => experiment.experiment_id),
    order_by: ["attributes.start_time DESC"],
  });
  return z.object({ runs: z.array(Run).default([]) }).parse(body).runs;
}

/** Why the aliases of a model were moved, the latest first. */
export async function reasonsOf(trackerUrl: string, model: string): Promise<string[]> {
  const answer = await fetch(`${trackerUrl}/api/2.0/updraft/promotions?name=${model}`);
  const { promotions } = z
    .object({ promotions: z.array(z.object({ reason: z.string().nullish() })).default([]) })
    .parse(await answer.json());
  return promotions.map(({ reason }) => reason ?? "");
}

async function post(trackerUrl: string, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${trackerUrl}/api/2.0/mlflow/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.json();
}
