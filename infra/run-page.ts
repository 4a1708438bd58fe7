import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@updraft/contracts/release";

/**
 * Address of a run's page: ours shows a run by its id; MLflow's page wants the experiment too.
 * @param tracker its address, without a slash at its end
 */
export function runPage(
  tracker: pulumi.Input<string>,
  release: pulumi.Output<Release>,
  kind: "updraft" | "mlflow",
): pulumi.Output<string> {
  return pulumi.all([tracker, release]).apply(([url, { runId, experimentId }]) => {
    if (kind === "updraft") return `${url}/runs/${runId}`;
    return `${url}/#/experiments/${experimentId ?? "0"}/runs/${runId}`;
  });
}
