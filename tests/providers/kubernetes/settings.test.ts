import { describe, expect, it } from "vitest";
import { diffConfiguration } from "./diff-configuration.ts";
import { parseSettings } from "./settings.ts";

describe("settings", () => {
  it("are the official plugin's where nothing is said", () => {
    expect(parseSettings({}, {})).toEqual({
      source: { kubeconfig: undefined, context: undefined, cluster: undefined },
      namespace: undefined,
      serverSideApply: true,
      mutability: { configMaps: false, secrets: false },
      upsert: false,
      patchForce: undefined,
      deleteUnreachable: false,
      skipUpdateUnreachable: false,
    });
  });

  it("come from the provider's arguments before the environment", () => {
    const env = { PULUMI_K8S_ENABLE_SECRET_MUTABLE: "true", PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
    const variables = {
      "kubernetes:config:enablePatchForce": "false",
      "kubernetes:config:context": "cluster-2",
    };
    expect(parseSettings(variables, env)).toMatchObject({
      mutability: { configMaps: false, secrets: true },
      patchForce: false,
      source: { context: "cluster-2" },
    });
  });

  it("are refused where the stand-in has nothing for them", () => {
    expect(() => parseSettings({ "kubernetes:config:renderYamlToDirectory": "out" }, {})).toThrow(
      "does not support renderYamlToDirectory; install the official plugin",
    );
  });
});

const kubeconfig = (server: string) =>
  JSON.stringify({
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "one" } }],
    clusters: [{ name: "one", cluster: { server } }],
  });

describe("a provider's arguments", () => {
  it("lead to other objects only where they lead to another cluster", () => {
    const olds = { kubeconfig: kubeconfig("https://a"), enableServerSideApply: "true" };
    expect(diffConfiguration(olds, olds)).toEqual({ changes: "none" });
    expect(diffConfiguration(olds, { ...olds, enableServerSideApply: "false" })).toEqual({
      changes: "some",
      diffs: ["enableServerSideApply"],
      replaces: [],
    });
    expect(diffConfiguration(olds, { ...olds, kubeconfig: kubeconfig("https://b") })).toEqual({
      changes: "some",
      diffs: ["kubeconfig"],
      replaces: ["kubeconfig"],
    });
  });
});
