import { describe, expect, it } from "vitest";
import { unknownString } from "../../support/wire-values.ts";
import { normalise } from "./normalise.ts";

const deployment = (cpu: unknown, memory: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  spec: {
    template: {
      spec: {
        containers: [{ name: "0.5", resources: { limits: { cpu, memory } } }],
        volumes: [{ name: "tmp", emptyDir: { sizeLimit: memory } }],
      },
    },
  },
});

describe("normalised inputs", () => {
  it("have the strings of a secret as data, over what is there of the name", () => {
    expect(
      normalise({
        apiVersion: "v1",
        kind: "Secret",
        data: { kept: "YQ==", user: "b2xk" },
        stringData: { user: "ada" },
      }),
    ).toEqual({ apiVersion: "v1", kind: "Secret", data: { kept: "YQ==", user: "YWRh" } });
  });

  it("have a secret's data without line breaks", () => {
    const secret = { apiVersion: "v1", kind: "Secret", data: { key: "YWJj\nZGVm\n" } };
    expect(normalise(secret)).toEqual({ ...secret, data: { key: "YWJjZGVm" } });
  });

  it("have quantities as the API server writes them", () => {
    expect(normalise(deployment(1, "1024Mi"))).toEqual(deployment("1", "1Gi"));
  });

  it("leave data of a ConfigMap and of other APIs alone", () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", data: { limits: "1000m" } };
    const other = { apiVersion: "kueue.x.io/v1", kind: "Q", spec: { limits: { cpu: "1000m" } } };
    expect(normalise(map)).toEqual(map);
    expect(normalise(other)).toEqual(other);
  });

  it("do not say what only the API server can", () => {
    expect(
      normalise({ kind: "Pod", metadata: { name: "p", uid: "1", resourceVersion: "2" } }),
    ).toEqual({ kind: "Pod", metadata: { name: "p" } });
  });

  it("stay as they are where something is not known yet", () => {
    const secret = { apiVersion: "v1", kind: "Secret", stringData: { user: unknownString } };
    expect(normalise(secret)).toEqual(secret);
  });
});
