import { expect, it } from "vitest";
import { KubernetesConfig } from "../../config/config.ts";
import { clusterAccess, kubeconfigIn, missingStack } from "./cluster-stack.ts";

const name = "organization/updraft-cluster/gpu";

it("uses the ambient kubeconfig where no stack is named", async () => {
  const config = KubernetesConfig.parse({ target: "kubernetes", kubernetes: { context: "lab" } });
  expect(await clusterAccess(config)).toEqual({ context: "lab" });
});

it.each([
  [["dev", name]],
  [["dev", "updraft-cluster/gpu"]],
  [["dev", "team/updraft-cluster/gpu"]],
  [undefined],
])("knows the stack of a cluster among %j", (stacks) => {
  expect(missingStack(name, stacks)).toBeUndefined();
});

it("says which stacks of other programs there are", () => {
  expect(missingStack(name, ["dev", "organization/updraft-cluster/cpu"])).toBe(
    `updraft:kubernetes.clusterStack: there is no stack ${name} in this backend (organization/updraft-cluster/cpu); bring the cluster up first, or name its stack as organization/project/stack`,
  );
  expect(missingStack("gpu", ["dev"])).toContain("(there is none of another program)");
});

it("takes a kubeconfig as text or as an object", () => {
  expect(kubeconfigIn(name, "apiVersion: v1\n")).toBe("apiVersion: v1\n");
  expect(kubeconfigIn(name, { apiVersion: "v1" })).toBe('{"apiVersion":"v1"}');
});

it.each([undefined, null, "", 3])("refuses a stack whose output is %j", (output) => {
  expect(() => kubeconfigIn(name, output)).toThrow(
    `updraft:kubernetes.clusterStack: ${name} has no output kubeconfig; bring it up, or name a stack that makes a cluster and tells how to reach it`,
  );
});
