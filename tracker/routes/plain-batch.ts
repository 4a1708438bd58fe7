import type { Tag } from "../store/experiments.ts";
import type { LoggedMetric } from "../store/runs.ts";
import { Key, RunId } from "./fields.ts";

/** What `log-batch` takes, checked. */
export interface BatchFields {
  run_id: string;
  metrics: LoggedMetric[];
  params: Tag[];
  tags: Tag[];
}

const names = ["run_id", "run_uuid", "metrics", "params", "tags"];
const metricNames = ["key", "value", "timestamp", "step"];

/** Keys that were found good: training logs the same ones over and over. */
const goodKeys = new Set<string>();
const mostGoodKeys = 10_000;

/**
 * The fields of a batch of nothing but metrics as most clients write them: names that are known,
 * numbers as numbers. A thousand of them take the schema a millisecond; what is as plain as this
 * would leave it as it came.
 * @returns undefined for anything else, which the schema has to look at
 */
export function plainBatch(raw: object): BatchFields | undefined {
  const { run_id, metrics, params, tags } = raw as Record<string, unknown>;
  if (Object.keys(raw).some((name) => !names.includes(name))) return undefined;
  if (!isEmpty(params) || !isEmpty(tags) || !Array.isArray(metrics)) return undefined;
  if (!RunId.safeParse(run_id).success || !metrics.every(isPlainMetric)) return undefined;
  return { run_id: run_id as string, metrics, params: [], tags: [] };
}

function isEmpty(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.length === 0);
}

function isPlainMetric(metric: unknown): boolean {
  if (typeof metric !== "object" || metric === null) return false;
  for (const name in metric) if (!metricNames.includes(name)) return false;
  const { key, value, timestamp, step } = metric as Record<string, unknown>;
  return (
    typeof value === "number" &&
    Number.isFinite(value) &&
    Number.isSafeInteger(timestamp) &&
    (timestamp as number) >= 0 &&
    Number.isSafeInteger(step) &&
    isGoodKey(key)
  );
}

function isGoodKey(key: unknown): boolean {
  if (typeof key !== "string") return false;
  if (goodKeys.has(key)) return true;
  if (!Key.safeParse(key).success) return false;
  if (goodKeys.size >= mostGoodKeys) goodKeys.clear();
  goodKeys.add(key);
  return true;
}
