import { expect, it } from "vitest";
import { holdingsOf } from "./holdings.ts";

const urn = (type: string, name: string) => `urn:pulumi:pr-1::updraft::${type}::${name}`;

it("tells what is protected, and where the files of a local stack are", () => {
  const resources = [
    { urn: urn("pulumi:pulumi:Stack", "updraft-pr-1"), type: "pulumi:pulumi:Stack" },
    {
      urn: urn("updraft:local:Folder", "environment-folder"),
      type: "updraft:local:Folder",
      protect: true,
      outputs: { path: "/data/pr-1", keep: false },
    },
    {
      urn: urn("updraft:local:SecretFile", "tracker-credentials"),
      type: "updraft:local:SecretFile",
      outputs: { path: "/data/pr-1/credentials.json" },
    },
  ];
  expect(holdingsOf({ manifest: {}, resources })).toEqual({
    protectedNames: ["environment-folder"],
    folders: ["/data/pr-1"],
  });
});

it("is nothing where nothing has been deployed yet", () => {
  expect(holdingsOf(null)).toEqual({ protectedNames: [], folders: [] });
  expect(holdingsOf({ manifest: {} })).toEqual({ protectedNames: [], folders: [] });
});
