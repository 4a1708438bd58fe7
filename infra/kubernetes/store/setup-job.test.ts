import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { setupConfigMap, setupJob } from "./setup-job.ts";

const place = { stack: "dev", namespace: "updraft-dev" };
const labels = {
  "app.kubernetes.io/name": "store-setup",
  "app.kubernetes.io/instance": "dev",
  "app.kubernetes.io/component": "storage",
  "app.kubernetes.io/part-of": "updraft",
  "app.kubernetes.io/managed-by": "pulumi",
  "updraft.dev/stack": "dev",
};

it("has a name that changes with what it does", async () => {
  const checksum = pulumi.output(`sha256:0123456789${"a".repeat(54)}`);
  const { metadata, spec } = setupJob({
    place,
    image: "minio@sha256:1",
    pullSecrets: [],
    checksum,
  });
  expect(await valueOf(metadata.name)).toBe("store-setup-01234567");
  expect({ ...metadata, name: undefined }).toEqual({
    name: undefined,
    namespace: "updraft-dev",
    labels,
    annotations: { "pulumi.com/replaceUnready": "true" },
  });
  expect(spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 300 });
});

it("says why it has failed, and takes keys from Secrets", () => {
  const checksum = pulumi.output(`sha256:${"a".repeat(64)}`);
  const { spec } = setupJob({ place, image: "minio@sha256:1", pullSecrets: [], checksum });
  const [container] = spec.template.spec.containers;
  expect(container).toEqual({
    name: "store-setup",
    image: "minio@sha256:1",
    command: ["sh", "/setup/setup.sh"],
    env: [
      { name: "BUCKET", value: "updraft" },
      { name: "ENDPOINT", value: "http://store:9000" },
      { name: "HOME", value: "/tmp" },
      { name: "MC_CONFIG_DIR", value: "/tmp/mc" },
      secret("ROOT_USER", "root", "AWS_ACCESS_KEY_ID"),
      secret("ROOT_PASSWORD", "root", "AWS_SECRET_ACCESS_KEY"),
      ...["trainer", "tracker", "server", "reader"].flatMap((user) => [
        secret(`${user.toUpperCase()}_KEY`, user, "AWS_ACCESS_KEY_ID"),
        secret(`${user.toUpperCase()}_SECRET`, user, "AWS_SECRET_ACCESS_KEY"),
      ]),
    ],
    resources: {
      requests: { cpu: "50m", memory: "64Mi" },
      limits: { cpu: "1", memory: "256Mi" },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      { name: "setup", mountPath: "/setup", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  });
});

it("has a policy for each user beside its script", () => {
  const { data } = setupConfigMap(place);
  const users = ["trainer", "tracker", "server", "reader"];
  expect(Object.keys(data)).toEqual(["setup.sh", ...users.map((user) => `${user}.json`)]);
  for (const user of ["server", "reader"]) {
    expect(JSON.parse(data[`${user}.json`]!)).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::updraft/models/*"] },
      ],
    });
  }
});

function valueOf(output: pulumi.Input<unknown>): Promise<unknown> {
  const resolved = pulumi.output(output) as unknown as pulumi.Output<unknown>;
  return new Promise((resolve) => resolved.apply(resolve));
}

function secret(name: string, user: string, key: string): object {
  return { name, valueFrom: { secretKeyRef: { name: `store-${user}`, key } } };
}
