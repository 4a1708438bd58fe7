import { describe, expect, it } from "vitest";
import { secretOf } from "../../support/wire-values.ts";
import { checkpoint, parseCheckpoint, withSecretsOf } from "./checkpoint.ts";

const parts = (inputs: object, live: object, fromInputs: object) => ({
  inputs: inputs as never,
  live: live as never,
  fromInputs: fromInputs as never,
  initialApiVersion: "v1",
  fieldManager: "pulumi-kubernetes-1",
});

describe("a state", () => {
  it("is the live object with what made it so beside it", () => {
    const inputs = { kind: "ConfigMap", data: { a: "1" } };
    const live = { kind: "ConfigMap", data: { a: "1" }, metadata: { uid: "u" } };
    const state = checkpoint(parts(inputs, live, inputs));
    expect(state).toEqual({
      ...live,
      __inputs: inputs,
      __initialApiVersion: "v1",
      __fieldManager: "pulumi-kubernetes-1",
    });
    expect(parseCheckpoint(state)).toEqual({
      inputs,
      live: { ...live, __initialApiVersion: "v1", __fieldManager: "pulumi-kubernetes-1" },
      initialApiVersion: "v1",
      fieldManager: "pulumi-kubernetes-1",
    });
  });

  it("keeps the data of a Secret as a secret, whatever the program said", () => {
    const secret = { apiVersion: "v1", kind: "Secret", data: { a: "MQ==" } };
    const state = checkpoint(parts(secret, secret, secret));
    expect(state["data"]).toEqual(secretOf({ a: "MQ==" }));
    expect(state["__inputs"]).toEqual({ ...secret, data: secretOf({ a: "MQ==" }) });
    expect(parseCheckpoint(state).inputs).toEqual(secret);
  });
});

describe("secrets of inputs", () => {
  it("make just their own members secret", () => {
    expect(
      withSecretsOf(
        { spec: { a: "x", b: "y" }, kind: "Thing" },
        { spec: { a: secretOf("x"), b: "y" } },
      ),
    ).toEqual({ spec: { a: secretOf("x"), b: "y" }, kind: "Thing" });
  });

  it("make whole lists secret", () => {
    const env = [{ name: "A", value: "x" }];
    expect(
      withSecretsOf({ spec: { env } }, { spec: { env: [{ name: "A", value: secretOf("x") }] } }),
    ).toEqual({ spec: { env: secretOf(env) } });
  });

  it("reach members of a secret object as one", () => {
    expect(withSecretsOf({ spec: { a: 1 } }, { spec: secretOf({ a: 1 }) })).toEqual({
      spec: secretOf({ a: 1 }),
    });
  });
});
