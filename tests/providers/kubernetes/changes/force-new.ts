import { fieldAt, kindOf, type KubeObject } from "../objects/kube-object.ts";
import { kindOfObject } from "../objects/kind.ts";

/** Which objects may change their data in place. */
export interface Mutability {
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

const labelSelector = (prefix: string) => [
  prefix,
  `${prefix}.matchExpressions`,
  `${prefix}.matchExpressions.key`,
  `${prefix}.matchExpressions.operator`,
  `${prefix}.matchExpressions.values`,
  `${prefix}.matchLabels`,
];
const below = (prefix: string, members: string) =>
  members.split(" ").map((member) => `${prefix}.${member}`);

const container = (prefix: string) =>
  below(
    prefix,
    "args command env env.value image imagePullPolicy lifecycle livenessProbe ports " +
      "readinessProbe resources securityContext stdin stdinOnce terminationMessagePath " +
      "terminationMessagePolicy tty volumeDevices volumeMounts workingDir",
  );

const job = [
  ...below(".spec", "completions parallelism template"),
  ...labelSelector(".spec.selector"),
];
const statefulSet = [
  ...below(".spec", "podManagementPolicy revisionHistoryLimit serviceName volumeClaimTemplates"),
  ...labelSelector(".spec.selector"),
];
const secretData = [".stringData", ".data"];

/** By group, version and kind; the words are those of the official plugin's table. */
const forceNew: Readonly<Record<string, readonly string[]>> = {
  "apps/v1/DaemonSet": labelSelector(".spec.selector"),
  "apps/v1/Deployment": labelSelector(".spec.selector"),
  "apps/v1/StatefulSet": statefulSet,
  "batch/v1/Job": job,
  "policy/v1beta1/PodDisruptionBudget": [".spec"],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": [".roleRef"],
  "rbac.authorization.k8s.io/v1/RoleBinding": [".roleRef"],
  "storage.k8s.io/v1/StorageClass": [".parameters", ".provisioner"],
  "/v1/PersistentVolume": below(
    ".spec",
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker " +
      "gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume " +
      "quobyte rbd scaleIO storageos vsphereVolume",
  ),
  "/v1/PersistentVolumeClaim": [
    ...below(".spec", "accessModes storageClassName volumeName"),
    ...labelSelector(".spec.selector"),
  ],
  "/v1/Pod": [
    ...below(
      ".spec",
      "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases " +
        "hostIPC hostNetwork hostPID hostname imagePullSecrets nodeName nodeSelector overhead " +
        "preemptionPolicy priority priorityClassName readinessGates restartPolicy " +
        "runtimeClassName schedulerName securityContext serviceAccount serviceAccountName " +
        "shareProcessNamespace subdomain terminationGracePeriodSeconds volumes",
    ),
    ...container(".spec.containers[*]"),
    ...container(".spec.initContainers[*]"),
  ],
  "/v1/ResourceQuota": [".spec.scopes"],
  "/v1/Secret": [".type"],
  "/v1/Service": [".spec.clusterIP"],
};

/** Paths of an object's members that cannot change without a new object. */
export function forceNewPaths(object: KubeObject, mutability: Mutability): readonly string[] {
  const { group, version, kind } = kindOfObject(object);
  return [
    ".metadata.name",
    ".metadata.namespace",
    ...(forceNew[`${group}/${version}/${kind}`] ?? []),
    ...(group === "" && version === "v1" ? immutableData(object, mutability) : []),
  ];
}

function immutableData(object: KubeObject, mutability: Mutability): readonly string[] {
  const isImmutable = fieldAt(object, "immutable") === true;
  if (kindOf(object) === "Secret" && (isImmutable || !mutability.secrets)) return secretData;
  if (kindOf(object) === "ConfigMap" && (isImmutable || !mutability.configMaps)) {
    return [".binaryData", ".data"];
  }
  return [];
}

/**
 * Whether a change needs a new object: whether one of the paths leads somewhere in the object that
 * has nothing but the changed member.
 */
export function needsNewObject(
  path: readonly (string | number)[],
  value: unknown,
  paths: readonly string[],
): boolean {
  const change = path.reduceRight<unknown>(
    (inner, key) => (typeof key === "number" ? [inner] : { [key]: inner }),
    value,
  );
  return paths.some((candidate) => leads(change, candidate.split(".").slice(1)));
}

function leads(value: unknown, segments: readonly string[]): boolean {
  const [segment, ...rest] = segments;
  if (segment === undefined) return true;
  const isList = segment.endsWith("[*]");
  const key = isList ? segment.slice(0, -3) : segment;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  if (!Object.hasOwn(value, key)) return false;
  const member = fieldAt(value, key);
  if (!isList) return leads(member, rest);
  return Array.isArray(member) && member.length > 0 && member.every((item) => leads(item, rest));
}
