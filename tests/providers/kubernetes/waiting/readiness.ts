import { annotations, isAnnotated } from "../objects/annotations.ts";
import { kindOfObject } from "../objects/kind.ts";
import { annotation, type KubeObject } from "../objects/kube-object.ts";
import { daemonSetReadiness } from "./daemon-set.ts";
import { deploymentReadiness } from "./deployment.ts";
import { ingressReadiness } from "./ingress.ts";
import { jobReadiness } from "./job.ts";
import { podReadiness } from "./pod.ts";
import { serviceReadiness } from "./service.ts";
import { statefulSetReadiness } from "./stateful-set.ts";
import { claimReadiness, quotaReadiness, secretReadiness, volumeReadiness } from "./storage.ts";
import type { Readiness } from "./verdict.ts";
import { customReadiness } from "./wait-for.ts";

/** By group, version and kind; objects of all other kinds are ready once they are there. */
const byKind: Readonly<Record<string, Readiness>> = {
  "apps/v1/DaemonSet": daemonSetReadiness,
  "apps/v1/Deployment": deploymentReadiness,
  "apps/v1/StatefulSet": statefulSetReadiness,
  "batch/v1/Job": jobReadiness,
  "networking.k8s.io/v1/Ingress": ingressReadiness,
  "/v1/PersistentVolume": volumeReadiness,
  "/v1/PersistentVolumeClaim": claimReadiness,
  "/v1/Pod": podReadiness,
  "/v1/ResourceQuota": quotaReadiness,
  "/v1/Secret": secretReadiness,
  "/v1/Service": serviceReadiness,
};

/** What an object is waited for after it was created or updated, or undefined for nothing. */
export function readinessOf(inputs: KubeObject, live: KubeObject): Readiness | undefined {
  if (isAnnotated(inputs, "skipAwait")) return undefined;
  const custom = annotation(live, annotations.waitFor);
  return custom === "" ? builtIn(live) : customReadiness(custom);
}

/** What `refresh` looks at, or undefined for nothing. */
export function refreshReadinessOf(inputs: KubeObject, live: KubeObject): Readiness | undefined {
  if (isAnnotated(inputs, "skipAwait")) return undefined;
  const readiness = builtIn(live);
  return readiness?.ignoredByRefresh === true ? undefined : readiness;
}

function builtIn(object: KubeObject): Readiness | undefined {
  const { group, version, kind } = kindOfObject(object);
  return byKind[`${group}/${version}/${kind}`];
}
