import { expect, it } from "vitest";
import { calledAddress, egressToSource, serviceAt } from "./source-address.ts";

const domain = "cluster.local";
const ownStore = "http://store.updraft-dev.svc.cluster.local:9000";
const uri = "s3://updraft/models/digits/aaaa";

it.each([
  [{ uri, variables: { S3_ENDPOINT_URL: ownStore } }, ownStore],
  [{ uri: "s3://team/models/a", variables: { AWS_REGION: "eu" } }, "https://s3.amazonaws.com"],
  [
    { uri: "mlflow-artifacts:/models/a", variables: { MLFLOW_TRACKING_URI: "https://m.test" } },
    "https://m.test",
  ],
  [{ uri: "mlflow-artifacts:/models/a", variables: {} }, undefined],
  [{ uri: "file:///home/me/models/a", variables: {} }, undefined],
])("calls for %j: %s", (source, address) => {
  expect(calledAddress(source)).toBe(address);
});

it.each([
  [ownStore, { service: "store", namespace: "updraft-dev", port: 9000 }],
  ["http://minio.storage.svc", { service: "minio", namespace: "storage", port: 80 }],
  [
    "https://minio.storage.svc.cluster.local",
    { service: "minio", namespace: "storage", port: 443 },
  ],
  ["http://store-0.store.updraft-dev.svc:9000", undefined],
  ["http://minio.storage.svc.other.domain", undefined],
  ["https://s3.example.com", undefined],
])("finds a Service of the cluster in %s", (address, service) => {
  expect(serviceAt(address, domain)).toEqual(service);
});

it("lets the trainer call the store's pods in another stack's namespace, and nothing else there", () => {
  expect(egressToSource({ uri, variables: { S3_ENDPOINT_URL: ownStore } }, domain)).toEqual([
    {
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "updraft-dev" } },
          podSelector: { matchLabels: { "app.kubernetes.io/name": "store" } },
        },
      ],
      ports: [{ protocol: "TCP", port: 9000 }],
    },
  ]);
});

it("lets it call the namespace of a Service whose pods nobody here knows", () => {
  const source = {
    uri: "s3://team/models/a",
    variables: { S3_ENDPOINT_URL: "http://minio.storage.svc" },
  };
  expect(egressToSource(source, domain)).toEqual([
    {
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "storage" } } }],
    },
  ]);
});

it("lets it call a store outside at its port, and nobody for a package that it brings along", () => {
  const outside = { uri, variables: { S3_ENDPOINT_URL: "https://s3.example.com:8443" } };
  expect(egressToSource(outside, domain)).toMatchObject([{ ports: [{ port: 8443 }] }]);
  expect(egressToSource({ uri: "file:///home/me/models/a", variables: {} }, domain)).toEqual([]);
});
