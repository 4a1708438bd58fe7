import { expect, it } from "vitest";
import { labelsOf } from "../labels.ts";
import { secretVariable } from "../variables.ts";
import { sweepJob } from "./sweep-job.ts";
import { releaseName, runJob, runJobName, type RunJob } from "./run-job.ts";

const labels = labelsOf({ name: "trainer", component: "training", stack: "dev" });
const image = `registry.example.com/trainer@sha256:${"a".repeat(64)}`;

const job: RunJob = {
  kind: "training",
  place: { namespace: "updraft-dev" },
  labels: { ...labels, "updraft.dev/spec": "5bec" },
  timeoutMinutes: 60,
  pod: {
    image,
    pullSecrets: [],
    labels,
    settings: { TRAINER_MODEL: "digits", TRAINER_STORE_URI: "s3://updraft" },
    access: [
      { name: "MLFLOW_TRACKING_URI", value: "http://tracker:5000" },
      secretVariable("AWS_ACCESS_KEY_ID", "store-trainer"),
    ],
    resources: {},
  },
};

const podLabels = {
  "app.kubernetes.io/name": "trainer",
  "app.kubernetes.io/instance": "dev",
  "app.kubernetes.io/component": "training",
  "app.kubernetes.io/part-of": "updraft",
  "app.kubernetes.io/managed-by": "pulumi",
  "updraft.dev/stack": "dev",
};

const fromLabel = (name: string, label: string) => ({
  name,
  valueFrom: { fieldRef: { fieldPath: `metadata.labels['batch.kubernetes.io/${label}']` } },
});

const access = [
  fromLabel("TRAINER_JOB_NAME", "job-name"),
  fromLabel("TRAINER_JOB_UID", "controller-uid"),
  { name: "MLFLOW_TRACKING_URI", value: "http://tracker:5000" },
  {
    name: "AWS_ACCESS_KEY_ID",
    valueFrom: { secretKeyRef: { name: "store-trainer", key: "AWS_ACCESS_KEY_ID" } },
  },
];

it("is one try of the trainer that tells its outcome by name", () => {
  expect(runJob("20260714-093512-4f7a", job)).toEqual({
    metadata: {
      name: "training-20260714-093512-4f7a",
      namespace: "updraft-dev",
      labels: { ...podLabels, "updraft.dev/spec": "5bec" },
      annotations: { "pulumi.com/patchForce": "true" },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 3600,
      template: {
        metadata: { labels: podLabels },
        spec: {
          restartPolicy: "Never",
          serviceAccountName: "trainer",
          automountServiceAccountToken: true,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            fsGroup: 1000,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "trainer",
              image,
              imagePullPolicy: "IfNotPresent",
              args: ["train"],
              env: [
                { name: "HOME", value: "/tmp" },
                {
                  name: "TRAINER_LABELS",
                  value: JSON.stringify({ ...podLabels, "updraft.dev/spec": "5bec" }),
                },
                { name: "TRAINER_MODEL", value: "digits" },
                {
                  name: "TRAINER_OUTCOME_CONFIG_MAP",
                  value: "training-20260714-093512-4f7a-release",
                },
                { name: "TRAINER_STORE_URI", value: "s3://updraft" },
                { name: "TRAINER_TERMINATION_LOG", value: "/dev/termination-log" },
                { name: "UPDRAFT_CACHE", value: "/tmp/cache" },
                ...access,
              ],
              resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "3Gi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              terminationMessagePath: "/dev/termination-log",
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            },
          ],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
    },
  });
});

it("goes to the pool's nodes with as many GPUs as it takes, and where it may be preferred", () => {
  const pod = {
    ...job.pod,
    pullSecrets: ["team"],
    priorityClass: "batch",
    gpu: { count: 2, runtimeClass: "nvidia" },
    resources: { requests: { cpu: "4" }, limits: { memory: "16Gi" } },
  };
  expect(runJob("a", { ...job, pod })).toMatchObject({
    spec: {
      template: {
        spec: {
          imagePullSecrets: [{ name: "team" }],
          priorityClassName: "batch",
          runtimeClassName: "nvidia",
          nodeSelector: { "nvidia.com/gpu.present": "true" },
          tolerations: [
            { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
            {
              key: "kubernetes.azure.com/scalesetpriority",
              operator: "Equal",
              value: "spot",
              effect: "NoSchedule",
            },
          ],
          containers: [
            {
              resources: {
                requests: { cpu: "4", memory: "1Gi" },
                limits: { memory: "16Gi", "nvidia.com/gpu": "2" },
              },
            },
          ],
        },
      },
    },
  });
});

const sweep = {
  trials: [{ units: 16 }, { units: 32 }, { units: 64 }],
  parallelism: 2,
  settings: '{"metric":"val_loss"}',
};

const ofSweep = [
  { name: "TRAINER_SWEEP", value: '{"metric":"val_loss"}' },
  { name: "TRAINER_SWEEP_ID", value: "a" },
  { name: "TRAINER_SWEEP_TRIALS", value: '[{"units":16},{"units":32},{"units":64}]' },
];

it("tries each trial of a sweep in a pod of its own, and forgives lost pods", () => {
  const { metadata, spec } = sweepJob("a", { ...job, sweep });
  expect(metadata).toEqual({
    name: "sweep-a",
    namespace: "updraft-dev",
    labels: { ...podLabels, "updraft.dev/spec": "5bec" },
    annotations: { "pulumi.com/patchForce": "true" },
  });
  expect(spec).toMatchObject({
    completionMode: "Indexed",
    completions: 3,
    parallelism: 2,
    backoffLimit: 4,
    activeDeadlineSeconds: 3600,
    template: {
      metadata: { labels: podLabels },
      spec: {
        containers: [
          {
            args: ["trial"],
            env: [
              { name: "HOME", value: "/tmp" },
              { name: "TRAINER_MODEL", value: "digits" },
              { name: "TRAINER_STORE_URI", value: "s3://updraft" },
              ...ofSweep,
              { name: "TRAINER_TERMINATION_LOG", value: "/dev/termination-log" },
              { name: "UPDRAFT_CACHE", value: "/tmp/cache" },
              ...access,
            ],
          },
        ],
      },
    },
  });
});

it("runs no more trials at once than there are", () => {
  const { spec } = sweepJob("a", { ...job, sweep: { ...sweep, parallelism: 8 } });
  expect(spec).toMatchObject({ completions: 3, parallelism: 3, backoffLimit: 5 });
});

it("tells the training of a sweep which trials are its own", () => {
  const { spec } = runJob("a", { ...job, sweep });
  expect(spec).toMatchObject({
    template: { spec: { containers: [{ env: expect.arrayContaining(ofSweep) }] } },
  });
});

it("names the ConfigMap after the training", () => {
  expect(releaseName(runJobName("training", "a"))).toBe("training-a-release");
});
