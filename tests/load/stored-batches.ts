import { checksum, metricKeys, type LoggedMetric, type Tally } from "./batches.ts";
import type { RetryingClient } from "./retrying-client.ts";

/** What a tracker gives back of a client's run. */
export async function storedTally(connection: RetryingClient, runId: string): Promise<Tally> {
  const { run } = await connection.get("/runs/get", { run_id: runId });
  const { params = [], tags = [] } = (run as { data: RunData }).data;
  const histories: LoggedMetric[][] = [];
  for (const key of metricKeys) histories.push(await metricHistory(connection, runId, key));
  const metrics = histories.flat();
  return {
    metrics: metrics.length,
    params: params.length,
    batches: tags.find(({ key }) => key === "batches")?.value ?? "",
    checksum: checksum(metrics),
  };
}

interface RunData {
  readonly params?: readonly { readonly key: string; readonly value: string }[];
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

async function metricHistory(
  connection: RetryingClient,
  runId: string,
  key: string,
): Promise<LoggedMetric[]> {
  const found: LoggedMetric[] = [];
  let token = "";
  do {
    const fields = { run_id: runId, metric_key: key, max_results: "25000", page_token: token };
    const { metrics = [], next_page_token = "" } = await connection.get(
      "/metrics/get-history",
      fields,
    );
    found.push(...(metrics as LoggedMetric[]).map((metric) => ({ ...metric, key })));
    token = String(next_page_token);
  } while (token !== "");
  return found;
}
