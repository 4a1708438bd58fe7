import { describe, expect, it } from "vitest";
import { secretOf } from "../support/wire-values.ts";
import { diffObjects } from "./diff.ts";
import { checkpoint } from "./objects/checkpoint.ts";
import type { KubeObject } from "./objects/kube-object.ts";

const urn = (type: string) => `urn:pulumi:dev::shop::kubernetes:${type}::thing`;

function diff(
  type: string,
  old: KubeObject,
  live: KubeObject,
  news: KubeObject,
  { ignoreChanges = [] as string[], namespaced = true, isUnready = false, mutable = true } = {},
) {
  const olds = checkpoint({
    inputs: old,
    live,
    fromInputs: old,
    initialApiVersion: "v1",
    fieldManager: "m",
  });
  return diffObjects(
    { id: "x", urn: urn(type), olds, oldInputs: old, news, ignoreChanges },
    {
      mutability: { configMaps: mutable, secrets: mutable },
      namespaced,
      isUnready: async () => isUnready,
    },
  );
}

const job = (image: string, extra: object = {}): KubeObject => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "training", namespace: "ns", ...extra },
  spec: { backoffLimit: 0, template: { spec: { containers: [{ name: "t", image }] } } },
});
const autonamed = { annotations: { "pulumi.com/autonamed": "true" } };

const node = (name: string, taints: unknown[]) => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  spec: { taints },
});

const immutable = { mutable: false };

const moved = job("a", { namespace: "elsewhere" });

const secretWith = (rest: object) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "s", namespace: "ns" },
  ...rest,
});

const configMap = (value: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "m", namespace: "ns" },
  data: { a: value },
});

describe("a diff", () => {
  it("finds nothing where only others have added to the object", async () => {
    const live = {
      ...job("a"),
      metadata: { ...(job("a")["metadata"] as object), uid: "u", labels: { by: "others" } },
    };
    expect(await diff("batch/v1:Job", job("a"), live, job("a"))).toEqual({
      changes: "none",
      replaces: [],
      deleteBeforeReplace: false,
      detailedDiff: {},
    });
  });

  it("replaces a Job whose template changes; one named by the program goes first", async () => {
    expect(await diff("batch/v1:Job", job("a"), job("a"), job("b"))).toEqual({
      changes: "some",
      replaces: ["spec.template.spec.containers[0].image"],
      deleteBeforeReplace: true,
      detailedDiff: {
        "spec.template.spec.containers[0].image": { kind: "update-replace", inputDiff: false },
      },
    });
  });

  it("lets an autonamed one go after the new one is there", async () => {
    const old = job("a", autonamed);
    const { deleteBeforeReplace } = await diff("batch/v1:Job", old, old, job("b", autonamed));
    expect(deleteBeforeReplace).toBe(false);
  });

  it("replaces what moves to another namespace without deleting first", async () => {
    expect(await diff("batch/v1:Job", job("a"), job("a"), moved)).toMatchObject({
      replaces: ["metadata.namespace"],
      deleteBeforeReplace: false,
    });
  });

  it("replaces a Job that is not complete where that is asked for", async () => {
    expect(await diff("batch/v1:Job", job("a"), job("a"), job("a"), { isUnready: true })).toEqual({
      changes: "some",
      replaces: ['.metadata.annotations["pulumi.com/replaceUnready"]'],
      deleteBeforeReplace: true,
      detailedDiff: {},
    });
  });

  it("ignores what the program says to ignore", async () => {
    const old = { ...job("a"), spec: { replicas: 2 } };
    const news = { ...job("a"), spec: { replicas: 3 } };
    const options = { ignoreChanges: ["spec.replicas"] };
    expect(await diff("batch/v1:Job", old, old, news, options)).toMatchObject({ changes: "none" });
  });

  it("updates the data of a ConfigMap in place where it may change, else replaces it", async () => {
    const type = "core/v1:ConfigMap";
    expect(await diff(type, configMap("1"), configMap("1"), configMap("2"))).toMatchObject({
      replaces: [],
    });
    expect(
      await diff(type, configMap("1"), configMap("1"), configMap("2"), immutable),
    ).toMatchObject({
      replaces: ["data.a"],
      deleteBeforeReplace: true,
    });
  });

  it("compares the strings of a Secret with its data", async () => {
    const old = secretWith({ data: { user: "YWRh" } });
    const news = secretWith({ stringData: secretOf({ user: "ada" }) });
    expect(await diff("core/v1:Secret", old, old, news)).toMatchObject({ changes: "none" });
    const other = secretWith({ stringData: secretOf({ user: "bob" }) });
    expect(await diff("core/v1:Secret", old, old, other)).toMatchObject({
      detailedDiff: { "data.user": { kind: "update", inputDiff: false } },
    });
  });

  it("updates a patch in place, but for its name", async () => {
    const type = "core/v1:NodePatch";
    const options = { namespaced: false };
    const old = node("n", []);
    expect(await diff(type, old, old, node("n", [{ key: "gpu" }]), options)).toMatchObject({
      changes: "some",
      replaces: [],
    });
    expect(await diff(type, old, old, node("other", []), options)).toMatchObject({
      replaces: ["metadata.name"],
    });
  });
});
