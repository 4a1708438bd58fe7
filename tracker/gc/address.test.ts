import { expect, it } from "vitest";
import { endsInDigest, folderOf, isNamedByDigest, pathInStore } from "./address.ts";

const hex = "0f".repeat(32);

it.each([
  ["mlflow-artifacts:/1/run/artifacts", "1/run/artifacts"],
  ["mlflow-artifacts:/1/run/", "1/run"],
  ["s3://bucket/prefix/1/run", "1/run"],
  ["mlflow-artifacts:/", undefined],
  ["mlflow-artifacts://host/1/run", undefined],
  ["s3://bucket/prefix-of-others/1", undefined],
  ["s3://bucket/prefix", undefined],
  ["file:///etc", undefined],
  ["mlflow-artifacts:/../etc", undefined],
  ["s3://bucket/prefix/../others", undefined],
  ["mlflow-artifacts:/1//run", undefined],
])("finds %s at %s in the tracker's store", (address, path) => {
  expect(pathInStore(address, "s3://bucket/prefix")).toBe(path);
});

it("finds the folder that is a run's own", () => {
  expect(folderOf("run", "1/run/artifacts")).toBe("1/run");
  expect(folderOf("m-1", "a/b/models/m-1/artifacts/x")).toBe("a/b/models/m-1");
  expect(folderOf("run", "1/other/artifacts")).toBeUndefined();
});

it.each([
  [`models/digits/${hex}`, true],
  [`models/my model/${hex}`, true],
  [`datasets/${hex}`, true],
  [`models/digits/${hex}/x`, false],
  [`models/a/b/${hex}`, false],
  [`models/../${hex}`, false],
  [`x/datasets/${hex}`, false],
  ["models/digits", false],
  ["datasets/..", false],
])("takes %s for a package or a snapshot: %s", (path, expected) => {
  expect(isNamedByDigest(path)).toBe(expected);
  expect(endsInDigest(`s3://bucket/${path}`)).toBe(expected || path.startsWith("x/"));
});
