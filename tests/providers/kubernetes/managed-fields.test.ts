import { describe, expect, it } from "vitest";
import { isCreatedByUs, takenOverBy, withIgnoredFields } from "./managed-fields.ts";

const entry = (manager: string, operation: string, fieldsV1: object, subresource?: string) => ({
  manager,
  operation,
  apiVersion: "apps/v1",
  fieldsType: "FieldsV1",
  fieldsV1,
  ...(subresource !== undefined && { subresource }),
});
const object = (...managedFields: object[]) => ({ metadata: { managedFields } });

describe("fields that are taken over", () => {
  it("are those that the object was created with", () => {
    const created = entry("pulumi-kubernetes-1", "Update", { "f:data": { "f:a": {} } });
    const controller = entry("kube-controller-manager", "Update", { "f:status": {} }, "status");
    expect(isCreatedByUs(object(created))).toBe(true);
    expect(takenOverBy(object(created, controller), "pulumi-kubernetes-1")).toEqual([
      controller,
      entry("pulumi-kubernetes-1", "Apply", { "f:data": { "f:a": {} } }),
    ]);
  });

  it("come to those that are applied already", () => {
    const applied = entry("pulumi-kubernetes-1", "Apply", { "f:data": { "f:a": {} } });
    const kubectl = entry("kubectl-edit", "Update", { "f:data": { "f:b": {} }, "f:x": {} });
    expect(takenOverBy(object(applied, kubectl), "pulumi-kubernetes-1")).toEqual([
      entry("pulumi-kubernetes-1", "Apply", { "f:data": { "f:a": {}, "f:b": {} }, "f:x": {} }),
    ]);
  });

  it("are none where there is nothing of ours or kubectl's", () => {
    const applied = entry("pulumi-kubernetes-1", "Apply", {});
    const scale = entry("kubectl", "Update", {}, "scale");
    expect(takenOverBy(object(applied, scale), "pulumi-kubernetes-1")).toBeUndefined();
    expect(isCreatedByUs(object(applied))).toBe(false);
  });
});

describe("fields that are ignored", () => {
  const inputs = { spec: { replicas: 1, paused: true } };

  it("are left to those who manage them", () => {
    const live = {
      spec: { replicas: 4 },
      metadata: {
        managedFields: [entry("hpa", "Update", { "f:spec": { "f:replicas": {} } }, "scale")],
      },
    };
    expect(withIgnoredFields(inputs, live, "ours", ["spec.replicas"])).toEqual({
      spec: { paused: true },
    });
  });

  it("keep their value where they are ours", () => {
    const live = {
      spec: { replicas: 4 },
      metadata: { managedFields: [entry("ours", "Apply", { "f:spec": { "f:replicas": {} } })] },
    };
    expect(withIgnoredFields(inputs, live, "ours", ["spec.replicas"])).toEqual({
      spec: { replicas: 4, paused: true },
    });
  });
});
