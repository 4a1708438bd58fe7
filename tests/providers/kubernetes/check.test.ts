import { describe, expect, it } from "vitest";
import { isSecret, secretOf } from "../support/wire-values.ts";
import { checkInputs } from "./check.ts";

const urn = (type: string) => `urn:pulumi:dev::shop::kubernetes:${type}::thing`;

function check(
  type: string,
  news: object,
  { olds = {}, namespaced = true, serverSideApply = true } = {},
) {
  return checkInputs(
    {
      urn: urn(type),
      olds,
      news: news as never,
      randomSeed: new Uint8Array([7]),
      autonaming: undefined,
    },
    {
      settings: { serverSideApply },
      namespace: "home",
      isNamespaced: async () => namespaced,
    },
  );
}

describe("checked inputs", () => {
  it("have a name and a namespace", async () => {
    const { inputs } = await check("core/v1:ConfigMap", { apiVersion: "v1", kind: "ConfigMap" });
    expect(inputs).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: expect.stringMatching(/^thing-[0-9a-f]{8}$/),
        annotations: { "pulumi.com/autonamed": "true" },
        namespace: "home",
      },
    });
  });

  it("keep what the program says, and what it keeps secret", async () => {
    const news = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "given", namespace: "mine" },
      stringData: { user: secretOf("ada") },
    };
    const { inputs } = await check("core/v1:Secret", news);
    expect(inputs["metadata"]).toEqual(news.metadata);
    expect(isSecret(inputs["data"])).toBe(true);
    expect(inputs["data"]).toEqual(secretOf({ user: "YWRh" }));
  });

  it("have no namespace where the kind has none", async () => {
    const news = { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } };
    expect((await check("core/v1:Namespace", news, { namespaced: false })).inputs).toEqual(news);
  });

  it("are refused of patches without a name, and without server-side apply", async () => {
    const node = { apiVersion: "v1", kind: "Node" };
    await expect(check("core/v1:NodePatch", node)).rejects.toThrow(
      "patch resources require the `.metadata.name` field to be set",
    );
    await expect(check("core/v1:NodePatch", node, { serverSideApply: false })).rejects.toThrow(
      "patch resources require Server-Side Apply mode",
    );
  });

  it("are refused with a name that the API server is to make up", async () => {
    const news = { apiVersion: "v1", kind: "Pod", metadata: { generateName: "p-" } };
    await expect(check("core/v1:Pod", news)).rejects.toThrow("`.metadata.generateName`");
  });
});
