import { describe, expect, it } from "vitest";
import { unknownString } from "../../support/wire-values.ts";
import { detailedDiff } from "./detailed-diff.ts";
import { forceNewPaths, needsNewObject } from "./force-new.ts";
import { mergePatch } from "./merge-patch.ts";
import { containsPath, parsePropertyPath, writePropertyPath } from "./property-path.ts";
import { prune } from "./prune.ts";

describe("pruning", () => {
  it("keeps of the live object what the inputs have", () => {
    const live = {
      spec: { replicas: 3, paused: false, list: [{ a: 1, b: 2 }, { c: 3 }] },
      status: {},
    };
    expect(prune(live, { spec: { replicas: 1, list: [{ a: 9 }] } })).toEqual({
      spec: { replicas: 3, list: [{ a: 1 }] },
    });
  });

  it("keeps what has changed its type", () => {
    expect(prune({ port: 80, list: ["a"] }, { port: "http", list: [{ a: 1 }] })).toEqual({
      port: 80,
      list: ["a"],
    });
  });

  it("does not make up what is gone", () => {
    expect(prune({ list: [1] }, { list: [1, 2], gone: 1 })).toEqual({ list: [1] });
  });
});

const immutable = (object: object) =>
  forceNewPaths(object as never, { configMaps: false, secrets: false });

describe("a merge patch", () => {
  it("has what is new, what is other, and null for what is gone", () => {
    expect(
      mergePatch(
        { same: 1, other: 1, gone: 1, deep: { a: 1, b: 2 } },
        { same: 1, other: 2, deep: { a: 1 }, list: [1] },
      ),
    ).toEqual({ other: 2, deep: { b: null }, list: [1], gone: null });
  });
});

const contains = (outer: string, inner: string) =>
  containsPath(parsePropertyPath(outer), parsePropertyPath(inner));

describe("property paths", () => {
  it.each(["spec.replicas", "spec.containers[0].image", 'metadata.annotations["a.b/c"]'])(
    "are written as they are read: %s",
    (text) => {
      expect(writePropertyPath(parsePropertyPath(text))).toBe(text);
    },
  );

  it("contain what is below them", () => {
    expect(contains("spec", "spec.replicas")).toBe(true);
    expect(contains("spec.list[*].a", "spec.list[2].a")).toBe(true);
    expect(contains("spec.replicas", "spec")).toBe(false);
  });
});

const paths = (object: object) =>
  forceNewPaths(object as never, { configMaps: true, secrets: true });

describe("what cannot change without a new object", () => {
  it("is name and namespace of everything", () => {
    expect(paths({ apiVersion: "example.io/v1", kind: "Thing" })).toEqual([
      ".metadata.name",
      ".metadata.namespace",
    ]);
  });

  it("is template, completions, parallelism and selector of a Job", () => {
    expect(paths({ apiVersion: "batch/v1", kind: "Job" })).toEqual([
      ".metadata.name",
      ".metadata.namespace",
      ".spec.completions",
      ".spec.parallelism",
      ".spec.template",
      ".spec.selector",
      ".spec.selector.matchExpressions",
      ".spec.selector.matchExpressions.key",
      ".spec.selector.matchExpressions.operator",
      ".spec.selector.matchExpressions.values",
      ".spec.selector.matchLabels",
    ]);
  });

  it("is data only where the provider or the object says so", () => {
    const map = { apiVersion: "v1", kind: "ConfigMap" };
    const secret = { apiVersion: "v1", kind: "Secret" };
    expect(paths(map)).not.toContain(".data");
    expect(immutable(map)).toContain(".data");
    expect(paths({ ...map, immutable: true })).toContain(".binaryData");
    expect(paths(secret).slice(2)).toEqual([".type"]);
    expect(immutable(secret).slice(2)).toEqual([".type", ".stringData", ".data"]);
  });

  it("is met by changes below it and by changes that include it", () => {
    const template = [".spec.template"];
    expect(
      needsNewObject(["spec", "template", "spec", "containers", 0, "image"], "x", template),
    ).toBe(true);
    expect(needsNewObject(["spec"], { template: {} }, template)).toBe(true);
    expect(needsNewObject(["spec", "backoffLimit"], 1, template)).toBe(false);
    const images = [".spec.containers[*].image"];
    expect(needsNewObject(["spec", "containers", 1, "image"], "x", images)).toBe(true);
    expect(needsNewObject(["spec", "containers", 1, "name"], "x", images)).toBe(false);
  });
});

const diff = (live: object, newInputs: object, oldInputs = live, forceNew: string[] = []) =>
  detailedDiff({
    live: live as never,
    newInputs: newInputs as never,
    oldInputs: oldInputs as never,
    forceNew,
  });

describe("a detailed diff", () => {
  it("is empty where nothing differs", () => {
    expect(diff({ spec: { a: [1] } }, { spec: { a: [1] } })).toEqual({});
  });

  it("tells what is added, updated and deleted", () => {
    expect(diff({ data: { b: "1", c: "1" } }, { data: { a: "1", b: "2" } })).toEqual({
      "data.a": { kind: "add", inputDiff: false },
      "data.b": { kind: "update", inputDiff: false },
      "data.c": { kind: "delete", inputDiff: true },
    });
  });

  it("looks into lists", () => {
    expect(
      diff({ list: [{ a: 1, b: 1 }, { a: 2 }, { a: 3 }] }, { list: [{ a: 1 }, { a: 5 }] }),
    ).toEqual({
      "list[0].b": { kind: "delete", inputDiff: true },
      "list[1].a": { kind: "update", inputDiff: false },
      "list[2]": { kind: "delete", inputDiff: true },
    });
  });

  it("takes what is not known yet for a change", () => {
    expect(diff({ data: { a: "1" } }, { data: { a: unknownString, b: unknownString } })).toEqual({
      "data.a": { kind: "update", inputDiff: false },
      "data.b": { kind: "add", inputDiff: false },
    });
  });

  it("marks what needs a new object", () => {
    expect(
      diff({ spec: { t: { a: 1 }, n: 1 } }, { spec: { t: { a: 2 }, n: 2 } }, {}, [".spec.t"]),
    ).toEqual({
      "spec.t.a": { kind: "update-replace", inputDiff: false },
      "spec.n": { kind: "update", inputDiff: false },
    });
  });

  it("overlooks zero values that the API server did not keep, but no new ones", () => {
    const inputs = { spec: { env: [{ name: "A", value: "" }], readOnly: false } };
    const live = { spec: { env: [{ name: "A" }] } };
    expect(diff(live, inputs, inputs)).toEqual({});
    expect(diff({ spec: {} }, { spec: { automount: false } }, { spec: {} })).toEqual({
      "spec.automount": { kind: "add", inputDiff: false },
    });
  });
});
