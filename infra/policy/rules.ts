import type { Rule } from "./rule.ts";
import { dataStaysInside } from "./rules/data-stays-inside.ts";
import { gpuJobsHaveDeadline } from "./rules/gpu-jobs-have-deadline.ts";
import { imagesByDigest, noLatest } from "./rules/images.ts";
import { noPlainSecrets } from "./rules/no-plain-secrets.ts";
import { noPublicBuckets } from "./rules/no-public-buckets.ts";
import { noReplicasBesideAutoscaler } from "./rules/no-replicas-beside-autoscaler.ts";
import { prodIsProtected } from "./rules/prod-is-protected.ts";
import { requestsAndLimits } from "./rules/requests-and-limits.ts";
import { restrictedPods } from "./rules/restricted-pods.ts";
import { stackLabels } from "./rules/stack-labels.ts";

/** What must be true of every stack, in the order in which it is told. */
export const rules: readonly Rule[] = [
  imagesByDigest,
  noLatest,
  requestsAndLimits,
  restrictedPods,
  noPlainSecrets,
  noPublicBuckets,
  dataStaysInside,
  gpuJobsHaveDeadline,
  noReplicasBesideAutoscaler,
  prodIsProtected,
  stackLabels,
];
