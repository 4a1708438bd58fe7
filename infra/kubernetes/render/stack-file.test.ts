import { expect, it } from "vitest";
import { stackValues } from "./stack-file.ts";

it("reads texts as they are and objects as the engine hands them over", () => {
  const text = `
config:
  updraft:target: kubernetes
  updraft:kubernetes:
    quota: { requests.cpu: 8 }
  updraft:gate:
    minAccuracy: 0.97
`;
  expect(stackValues(text, "Pulumi.x.yaml")).toEqual({
    values: {
      "updraft:target": "kubernetes",
      "updraft:kubernetes": '{"quota":{"requests.cpu":8}}',
      "updraft:gate": '{"minAccuracy":0.97}',
    },
    secretKeys: [],
  });
});

it("puts placeholders in the place of what is encrypted, wherever it is", () => {
  const text = `
encryptionsalt: v1:salt
config:
  updraft:trackerToken:
    secure: v1:abc
  updraft:databaseUri:
    secure: v1:def
  other:thing:
    list: [{ password: { secure: v1:ghi } }]
`;
  expect(stackValues(text, "Pulumi.x.yaml")).toEqual({
    values: {
      "updraft:trackerToken": "placeholder-of-trackerToken",
      "updraft:databaseUri": "postgresql://user:placeholder@database.invalid:5432/tracker",
      "other:thing": '{"list":[{"password":"placeholder-of-thing.list.password"}]}',
    },
    secretKeys: ["updraft:trackerToken", "updraft:databaseUri", "other:thing"],
  });
});

it("has nothing to read in an empty file", () => {
  expect(stackValues("", "Pulumi.x.yaml")).toEqual({ values: {}, secretKeys: [] });
});

it.each([
  ["config: [1", "Pulumi.x.yaml is no YAML"],
  ["config: 1", "Pulumi.x.yaml is no configuration of a stack"],
])("refuses %j", (text, problem) => {
  expect(() => stackValues(text, "Pulumi.x.yaml")).toThrow(problem);
});
