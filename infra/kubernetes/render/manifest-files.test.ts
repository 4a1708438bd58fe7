import { expect, it } from "vitest";
import { manifestFiles } from "./manifest-files.ts";
import { imageDigest, releaseConfigMap } from "./placeholders.ts";
import type { Recorded } from "./record-program.ts";

const options = { protect: false, retainOnDelete: false };

function recorded(name: string, kind: string, object: string, more: object = {}): Recorded {
  const inputs = { ...more, metadata: { name: object }, kind, apiVersion: "v1" };
  return { type: `kubernetes:v1:${kind}`, name, inputs, options };
}

const names = (resources: Recorded[]) => manifestFiles(resources).map(({ name }) => name);

it("orders by component and then by kind, in whatever order things were asked for", () => {
  const resources = [
    recorded("monitoring-inference", "ServiceMonitor", "inference"),
    recorded("inference-deployment", "Deployment", "inference"),
    recorded("inference-account", "ServiceAccount", "inference"),
    recorded("training-run", "Job", "training-20260714-093512-4f7a"),
    recorded("store-b", "Secret", "b"),
    recorded("store-a", "Secret", "a"),
    recorded("gpu-node-x", "Node", "x"),
    recorded("environment-namespace", "Namespace", "updraft-dev"),
    {
      type: "random:index/randomPassword:RandomPassword",
      name: "store-password",
      inputs: {},
      options,
    },
  ];
  const expected = [
    "01-namespace-updraft-dev.yaml",
    "02-secret-a.yaml",
    "03-secret-b.yaml",
    "04-node-x.yaml",
    "05-job-training-next-run.yaml",
    "06-serviceaccount-inference.yaml",
    "07-deployment-inference.yaml",
    "08-servicemonitor-inference.yaml",
  ];
  expect(names(resources)).toEqual(expected);
  expect(names(resources.toReversed())).toEqual(expected);
});

it("puts variables in the place of what only an update knows", () => {
  const release = JSON.stringify(releaseConfigMap("digits"));
  const [, uri] = /"uri\\":\\"([^"\\]+)/.exec(release) ?? [];
  const spec = { image: `registry/server:1@${imageDigest("server")}`, uri, name: "training-1-2-x" };
  const [file] = manifestFiles([recorded("training-run", "Job", "training-1-2-x", { spec })]);
  expect(file?.text).toBe(
    [
      "# ${…}: known to an update only.",
      "apiVersion: v1",
      "kind: Job",
      "metadata:",
      "  name: training-next-run",
      "spec:",
      "  image: registry/server:1@${SERVER_IMAGE_DIGEST}",
      "  uri: ${RELEASE_URI}",
      "  name: training-next-run",
      "",
    ].join("\n"),
  );
});

it("shows of a Secret only its keys, and no checksum of a placeholder", () => {
  const content = { data: { b: "c2VjcmV0" }, stringData: { "a.json": "secret" } };
  const annotations = { "updraft.dev/config": "sha256:abc" };
  const [secret, deployment] = manifestFiles([
    recorded("store-keys", "Secret", "store-server", content),
    recorded("store-server", "Deployment", "store", { spec: { template: { annotations } } }),
  ]);
  expect(secret?.text).toContain(
    "stringData:\n  a.json: ${STORE_SERVER_A_JSON}\n  b: ${STORE_SERVER_B}\n",
  );
  expect(secret?.text).not.toMatch(/c2VjcmV0|secret"|^data:/m);
  expect(deployment?.text).toContain("updraft.dev/config: ${CONFIG_CHECKSUM}");
});
