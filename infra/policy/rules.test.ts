import { beforeAll, describe, expect, it } from "vitest";
import { named, recordedStack, withInput } from "./recorded-fixture.ts";
import { lineOf, type Resource } from "./rule.ts";
import { rules } from "./rules.ts";
import { unknownYet } from "./values.ts";

const stack = "eu-prod";
const pod = "spec.template.spec";
const container = `${pod}.containers.0`;
const store = "StatefulSet store, container store";

/** What makes a stack break a rule: a place in what the program asks for, and another value. */
interface Break {
  readonly rule: string;
  readonly resource: string;
  readonly path: string;
  readonly value: unknown;
  /** What the rule says of it, and nothing else. */
  readonly says: string;
}

const inSecurityContext = "set them in securityContext of pod and container";
const outOfThePod = "take them out, or bring the pod into a namespace of its own and except it";
const breaks: Break[] = [
  {
    rule: "images-by-digest",
    resource: "StatefulSet store-server",
    path: `${container}.image`,
    value: "minio/minio:RELEASE.2026-02-12",
    says: `${store}: image minio/minio:RELEASE.2026-02-12 is not named by its digest; write it as name@sha256:… with its 64 digits`,
  },
  {
    rule: "no-latest",
    resource: "StatefulSet store-server",
    path: `${container}.image`,
    value: `registry.test:5000/minio:latest@sha256:${"a".repeat(64)}`,
    says: `${store}: image registry.test:5000/minio:latest@sha256:${"a".repeat(64)} is called latest; name a version or a digest`,
  },
  {
    rule: "no-latest",
    resource: "StatefulSet store-server",
    path: `${container}.image`,
    value: "registry.test:5000/minio",
    says: `${store}: image registry.test:5000/minio has no tag, which means latest; name a version or a digest`,
  },
  {
    rule: "requests-and-limits",
    resource: "StatefulSet store-server",
    path: `${container}.resources`,
    value: { requests: { cpu: "1" } },
    says: `${store}: no requests.memory, limits.memory; set them below resources of the container`,
  },
  {
    rule: "requests-and-limits",
    resource: "Job training-run",
    path: `${pod}.initContainers.0`,
    value: { name: "first", image: "x" },
    says: "Job RUN, container first: no requests.cpu, requests.memory, limits.memory; set them below resources of the container",
  },
  {
    rule: "restricted-pods",
    resource: "StatefulSet store-server",
    path: `${pod}.securityContext`,
    value: { runAsUser: 0 },
    says: `${store}: runAsNonRoot is not set, runAsUser is 0, seccompProfile.type is not set; ${inSecurityContext}`,
  },
  {
    rule: "restricted-pods",
    resource: "StatefulSet store-server",
    path: `${container}.securityContext`,
    value: { privileged: true, runAsNonRoot: false, capabilities: { add: ["SYS_ADMIN"] } },
    says: `${store}: runAsNonRoot is false, privileged is true, allowPrivilegeEscalation is not set, capabilities.drop has no ALL, capability SYS_ADMIN is added; ${inSecurityContext}`,
  },
  {
    rule: "restricted-pods",
    resource: "Deployment inference-deployment",
    path: `${container}.ports.0.hostPort`,
    value: 80,
    says: `Deployment inference, container server: port 80 of the node is taken; ${inSecurityContext}`,
  },
  {
    rule: "restricted-pods",
    resource: "Deployment tracker-server",
    path: `${pod}.hostNetwork`,
    value: true,
    says: `Deployment tracker: hostNetwork is true; ${outOfThePod}`,
  },
  {
    rule: "restricted-pods",
    resource: "Deployment tracker-server",
    path: `${pod}.volumes.0`,
    value: { name: "run", hostPath: { path: "/run" } },
    says: `Deployment tracker: volume run is a folder of the node; ${outOfThePod}`,
  },
  {
    rule: "no-plain-secrets",
    resource: "StatefulSet store-server",
    path: `${container}.env.4`,
    value: { name: "MINIO_ROOT_PASSWORD", value: "hunter2" },
    says: `${store}, variable MINIO_ROOT_PASSWORD: a secret is its value; put it into a Secret and refer to it with valueFrom.secretKeyRef`,
  },
  {
    rule: "no-plain-secrets",
    resource: "Deployment tracker-server",
    path: `${container}.env.0`,
    value: { name: "MLFLOW_BACKEND_STORE_URI", value: "postgresql://me:hunter2@db.test/runs" },
    says: "Deployment tracker, container tracker, variable MLFLOW_BACKEND_STORE_URI: a secret is its value; put it into a Secret and refer to it with valueFrom.secretKeyRef",
  },
  {
    rule: "no-public-buckets",
    resource: "ConfigMap store-setup-files",
    path: "data.reader",
    value: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:*" }] }),
    says: "ConfigMap store-setup, reader: a policy allows something to everybody; give a user of the store that right",
  },
  {
    rule: "no-public-buckets",
    resource: "ConfigMap store-setup-files",
    path: "data.setup",
    value: "set -eu\nmc --quiet anonymous set download store/updraft\n",
    says: 'ConfigMap store-setup, setup: "mc --quiet anonymous set download" opens a bucket to everybody; give a user of the store that right',
  },
  {
    rule: "data-stays-inside",
    resource: "Service store-service",
    path: "spec.type",
    value: "LoadBalancer",
    says: "Service store: is a LoadBalancer in front of data; make it a ClusterIP",
  },
  {
    rule: "data-stays-inside",
    resource: "Service tracker-database-service",
    path: "spec.externalIPs",
    value: ["192.0.2.1"],
    says: "Service tracker-database: has externalIPs in front of data; make it a ClusterIP",
  },
  {
    rule: "data-stays-inside",
    resource: "Ingress inference-ingress",
    path: "spec.rules.0.http.paths.0.backend.service.name",
    value: "store",
    says: "Ingress inference: leads to the Service store, which is data; take that backend out",
  },
  {
    rule: "gpu-jobs-have-deadline",
    resource: "Job training-run",
    path: "spec.activeDeadlineSeconds",
    value: undefined,
    says: "Job RUN: asks for nvidia.com/gpu and has no activeDeadlineSeconds; set it to what a run may take (updraft:training.timeoutMinutes of our own)",
  },
  {
    rule: "no-replicas-beside-autoscaler",
    resource: "Deployment inference-deployment",
    path: "spec.replicas",
    value: 3,
    says: "Deployment inference: replicas is 3, and HorizontalPodAutoscaler inference sets it too; leave replicas out",
  },
  {
    rule: "stack-labels",
    resource: "Service store-service",
    path: "metadata.labels",
    value: { app: "store" },
    says: "Service store: the label updraft.dev/stack is not set; set it to eu-prod",
  },
];

const unprotected = (where: string, of: string) =>
  `${where}: holds data of the stack ${of}, and nothing keeps it from being deleted; protect the stack: pulumi config set updraft:protect true`;

const image = (imageName: string): Resource => ({
  type: "docker:index/image:Image",
  name: "images-server",
  inputs: { imageName },
  options: { protect: false },
});

describe("the rules, at what the program asks for", () => {
  let recorded: Resource[] = [];
  beforeAll(async () => {
    recorded = await recordedStack(stack);
  });

  const context = { stack, protectedStacks: [] };
  const run = (text: string) =>
    text.replace(
      "RUN",
      String(Object(named(recorded, "Job training-run").inputs["metadata"]).name),
    );
  const linesOf = (rule: string, resources: readonly Resource[]) =>
    rules
      .filter(({ name }) => name === rule)
      .flatMap(({ check }) => check(resources, context).map(lineOf));
  /** The whole stack with another value at one place. */
  const changed = ({ resource, path }: Break, value: unknown) => {
    const original = named(recorded, resource);
    const other = withInput(original, path, value);
    return recorded.map((each) => (each === original ? other : each));
  };

  it("has a variant that breaks each rule", () => {
    const broken = new Set([...breaks.map(({ rule }) => rule), "prod-is-protected"]);
    expect([...broken].toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
  });

  it.each(rules.map(({ name }) => name).filter((name) => name !== "restricted-pods"))(
    "keeps %s",
    (name) => expect(linesOf(name, recorded)).toEqual([]),
  );

  it("keeps restricted-pods but for the device plugin, which the pack's configuration excepts", () => {
    const plugin = "DaemonSet nvidia-device-plugin";
    expect(linesOf("restricted-pods", recorded)).toEqual([
      `${plugin}: volume device-plugins is a folder of the node; ${outOfThePod}`,
      `${plugin}, container nvidia-device-plugin: runAsNonRoot is not set; ${inSecurityContext}`,
    ]);
  });

  it.each(breaks)("$rule finds another $path in $resource", (broken) => {
    const { rule, value, says } = broken;
    const before = linesOf(rule, recorded);
    const lines = linesOf(rule, changed(broken, value)).filter((line) => !before.includes(line));
    expect(lines).toEqual([run(says)]);
  });

  it.each(breaks)("$rule says nothing of $path where only an update knows it", (broken) => {
    const { rule } = broken;
    // That there are replicas is known, whatever their number is.
    const [said] = rule === "no-replicas-beside-autoscaler" ? [broken.says] : [];
    const lines = linesOf(rule, changed(broken, unknownYet));
    expect(lines).toEqual(
      said === undefined ? linesOf(rule, recorded) : [said.replace("is 3", "is set")],
    );
  });

  it("prod-is-protected finds each place with data, in stacks of production only", () => {
    const open = recorded.map((resource) => ({ ...resource, options: { protect: false } }));
    expect(linesOf("prod-is-protected", open)).toEqual([
      unprotected("Namespace updraft-eu-prod", stack),
      unprotected("PersistentVolumeClaim store", stack),
      unprotected("PersistentVolumeClaim tracker-database", stack),
    ]);
    const [rule] = rules.filter(({ name }) => name === "prod-is-protected");
    const checked = (of: string, protectedStacks: string[] = []) =>
      rule?.check(open, { stack: of, protectedStacks }).map(lineOf).at(-1);
    expect(checked("dev")).toBeUndefined();
    expect(checked("nonprod")).toBeUndefined();
    expect(checked("Production")).toBe(
      unprotected("PersistentVolumeClaim tracker-database", "Production"),
    );
    expect(checked("main", ["main"])).toBe(
      unprotected("PersistentVolumeClaim tracker-database", "main"),
    );
  });

  it("no-latest looks at what is pushed, too", () => {
    expect(linesOf("no-latest", [image("registry.test/server:4f7a")])).toEqual([]);
    expect(linesOf("no-latest", [image("registry.test/server:latest")])).toEqual([
      "image images-server: image registry.test/server:latest is called latest; name a version or a digest",
    ]);
  });
});
