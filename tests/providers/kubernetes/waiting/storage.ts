import { isDeepStrictEqual } from "node:util";
import { fieldAt, nameOf, stringAt } from "../objects/kube-object.ts";
import { isRecord } from "../../support/wire-values.ts";
import { info, type Observation, type Readiness, type Verdict } from "./verdict.ts";

/** Bound; or pending, where the storage class waits for the first consumer. */
export const claimReadiness: Readiness = {
  related: [{ group: "storage.k8s.io", version: "v1", kind: "StorageClass" }],
  ignoredByRefresh: true,
  maxSeconds: 300,
  judge: ({ object: claim, related }: Observation): Verdict => {
    const name = stringAt(claim, "spec", "storageClassName");
    const storageClass = related("StorageClass").find((one) => nameOf(one) === name);
    const waits = fieldAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
    const phase = stringAt(claim, "status", "phase");
    return verdict(phase === "Bound" || (waits && phase === "Pending"));
  },
};

/** Available or bound. */
export const volumeReadiness: Readiness = {
  related: [],
  ignoredByRefresh: true,
  maxSeconds: 300,
  judge: ({ object: volume }: Observation): Verdict => {
    const phase = stringAt(volume, "status", "phase");
    const status = {
      Available: [info("✅ PV marked available")],
      Bound: [info("✅ PV has been bound")],
    }[phase];
    return { ready: status !== undefined, errors: [], status: status ?? [] };
  },
};

/** The controller has taken over the limits. */
export const quotaReadiness: Readiness = {
  related: [],
  ignoredByRefresh: true,
  maxSeconds: 60,
  judge: ({ object: quota }: Observation): Verdict => {
    const hard = fieldAt(quota, "spec", "hard");
    return verdict(isRecord(hard) && isDeepStrictEqual(hard, fieldAt(quota, "status", "hard")));
  },
};

/** A service account's token has been written; other secrets are ready as they are. */
export const secretReadiness: Readiness = {
  related: [],
  ignoredByRefresh: true,
  maxSeconds: 5,
  judge: ({ object: secret }: Observation): Verdict => {
    if (stringAt(secret, "type") !== "kubernetes.io/service-account-token") return verdict(true);
    const data = fieldAt(secret, "data");
    return verdict(isRecord(data) && Object.keys(data).length > 0);
  },
};

function verdict(ready: boolean): Verdict {
  return { ready, errors: [], status: [] };
}
