import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Outcome } from "@updraft/contracts/release";
import { describe, expect, it } from "vitest";
import { startKubeApi } from "../fixtures/kube-api.ts";
import { outcomeConfigMap, publishOutcome } from "./outcome-config-map.ts";

const failed: Outcome = { status: "failed", failure: { exitCode: 4, message: "the gate failed" } };
const other: Outcome = { status: "failed", failure: { exitCode: 1, message: "other" } };

const applied =
  "PATCH /api/v1/namespaces/updraft-dev/configmaps/training-1-release?fieldManager=updraft-trainer&force=true";

/** In a pod of a Job, with an API server; publishes with little patience. */
async function inPod() {
  const api = await startKubeApi();
  const job = { TRAINER_JOB_NAME: "training-1", TRAINER_JOB_UID: "uid-1" };
  const variables = { ...api.variables, ...job, TRAINER_LABELS: '{"updraft.dev/stack": "dev"}' };
  const publish = (outcome: Outcome, patienceMs = 2000, changes: Record<string, string> = {}) =>
    publishOutcome("training-1-release", outcome, { ...variables, ...changes }, patienceMs);
  return { api, publish };
}

describe("outcomeConfigMap", () => {
  it("belongs to its Job and has the outcome as JSON", () => {
    const labels = { "updraft.dev/stack": "dev" };
    const job = { name: "training-1", uid: "uid-1" };
    expect(outcomeConfigMap(failed, "updraft-dev", { name: "release", labels, job })).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "release",
        namespace: "updraft-dev",
        labels,
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "Job", name: "training-1", uid: "uid-1" },
        ],
      },
      data: { "outcome.json": `${JSON.stringify(failed, undefined, 2)}\n` },
    });
  });

  it("belongs to nothing where there is no Job", () => {
    const place = { name: "release", labels: {}, job: undefined };
    expect(outcomeConfigMap(failed, "updraft-dev", place).metadata).toEqual({
      name: "release",
      namespace: "updraft-dev",
      labels: {},
    });
  });
});

describe("publishOutcome", () => {
  it("creates the ConfigMap in the pod's namespace, and replaces it the next time", async () => {
    const { api, publish } = await inPod();
    await publish(other);
    await publish(failed);
    expect(api.calls).toEqual([applied, applied]);
    expect([...api.configMaps]).toEqual([
      [
        "updraft-dev/training-1-release",
        outcomeConfigMap(failed, "updraft-dev", {
          name: "training-1-release",
          labels: { "updraft.dev/stack": "dev" },
          job: { name: "training-1", uid: "uid-1" },
        }),
      ],
    ]);
  });

  it("waits for an API server that is away or overwhelmed", async () => {
    const { api, publish } = await inPod();
    api.answerNext({ status: 503 }, { status: 429 });
    await publish(failed, 60_000);
    expect(api.calls).toEqual([applied, applied, applied]);
    await api.stop();
    const published = publish(other, 60_000);
    await api.start();
    await published;
    expect(api.configMaps.size).toBe(1);
  });

  it("reads the token anew when it was replaced", async () => {
    const { api, publish } = await inPod();
    api.expectToken("second-token");
    const published = publish(failed, 60_000);
    await expect.poll(() => api.calls.length).toBeGreaterThan(0);
    await writeFile(join(api.folder, "token"), "second-token");
    await published;
    expect(api.configMaps.size).toBe(1);
  });

  it("says at once that it is not allowed to", async () => {
    const { api, publish } = await inPod();
    const message = 'configmaps "training-1-release" is forbidden';
    api.answerNext({ status: 403, message });
    await expect(publish(failed, 60_000)).rejects.toThrow(
      `the outcome cannot be written to the ConfigMap training-1-release in namespace updraft-dev: https://127.0.0.1:${api.variables["KUBERNETES_SERVICE_PORT"]} answered ${applied} with 403: ${message}; let the pod's service account create and patch configmaps there`,
    );
    expect(api.calls).toHaveLength(1);
  });

  it("gives up after a while", async () => {
    const { api, publish } = await inPod();
    await api.stop();
    await expect(publish(failed, 500)).rejects.toThrow(
      /^the outcome cannot be written to the ConfigMap training-1-release in namespace updraft-dev: the API server https:\/\/127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED .*\), tried for 0\.5 s$/,
    );
  });

  it("trusts nobody but who the cluster's certificate is for", async () => {
    const { api, publish } = await inPod();
    const stranger = await startKubeApi();
    const port = stranger.variables["KUBERNETES_SERVICE_PORT"] ?? "";
    await expect(publish(failed, 300, { KUBERNETES_SERVICE_PORT: port })).rejects.toThrow(
      /cannot be reached \(self-signed certificate/,
    );
    expect([...api.calls, ...stranger.calls]).toEqual([]);
  });

  it("says what is missing in the pod", async () => {
    const { api, publish } = await inPod();
    await expect(publish(failed, 1, { KUBERNETES_SERVICE_HOST: "" })).rejects.toThrow(
      "KUBERNETES_SERVICE_HOST is not set: this is no pod",
    );
    await expect(publish(failed, 1, { TRAINER_LABELS: "[1]" })).rejects.toThrow(
      "TRAINER_LABELS [1]: expected an object of texts",
    );
    await expect(publish(failed, 1, { TRAINER_JOB_UID: "" })).rejects.toThrow(
      "TRAINER_JOB_UID is not set; an owner has a name and a uid",
    );
    await rm(join(api.folder, "token"));
    await expect(publish(failed, 1)).rejects.toThrow(
      `${join(api.folder, "token")} cannot be read; the pod needs automountServiceAccountToken: true`,
    );
  });
});
