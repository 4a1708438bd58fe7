import { expect, it } from "vitest";
import { followCommand, knownRun } from "./follow-run.ts";

const command = (chosen: { context?: string; clusterStack?: string }) =>
  followCommand("updraft-prod", "promotion-a", chosen);

it("tells how a run is followed by hand, in whichever cluster it is", () => {
  expect(command({})).toBe("kubectl --namespace updraft-prod logs --follow job/promotion-a");
  expect(command({ context: "lab" })).toBe(
    "kubectl --context lab --namespace updraft-prod logs --follow job/promotion-a",
  );
  expect(command({ clusterStack: "organization/clusters/lab" })).toBe(
    "kubectl --kubeconfig <(pulumi stack output kubeconfig --show-secrets --stack organization/clusters/lab) --namespace updraft-prod logs --follow job/promotion-a",
  );
});

it("tells of a run that another update has started", () => {
  expect(knownRun("training-a", "new", "training")).toBeUndefined();
  expect(knownRun("training-a", "complete", "training")).toBe(
    "training-a has trained this already (updraft:model.retrain)",
  );
  expect(knownRun("promotion-a", "complete", "promotion")).toBe(
    "promotion-a has promoted this already",
  );
  expect(knownRun("rollback-a", "unfinished", "rollback")).toBe(
    "rollback-a is on its way since an update that was stopped; this one waits for it",
  );
});
