import { expect, it } from "vitest";
import { bundleConfigMap, bundleFolder } from "./source-objects.ts";

const place = { stack: "prod", namespace: "updraft-prod" };

it("keeps a part of a package in a ConfigMap, as bytes", () => {
  expect(bundleConfigMap(place, "promotion-source-abc-0", "AAEC")).toEqual({
    metadata: {
      name: "promotion-source-abc-0",
      namespace: "updraft-prod",
      labels: {
        "app.kubernetes.io/name": "trainer",
        "app.kubernetes.io/instance": "prod",
        "app.kubernetes.io/component": "training",
        "app.kubernetes.io/part-of": "updraft",
        "app.kubernetes.io/managed-by": "pulumi",
        "updraft.dev/stack": "prod",
      },
    },
    binaryData: { part: "AAEC" },
  });
});

it("puts the parts into one folder, where their names are in their order", () => {
  const names = Array.from({ length: 11 }, (_, index) => `source-${index}`);
  const { mountPath, volume } = bundleFolder(names);
  expect(mountPath).toBe("/source");
  expect(bundleFolder(["source-0"]).volume).toEqual({
    name: "source",
    projected: {
      sources: [{ configMap: { name: "source-0", items: [{ key: "part", path: "part-0" }] } }],
    },
  });
  const { sources } = volume.projected as {
    sources: { configMap: { items: { path: string }[] } }[];
  };
  const paths = sources.flatMap(({ configMap }) => configMap.items.map(({ path }) => path));
  expect(paths).toEqual(paths.toSorted());
  expect(paths.at(-1)).toBe("part-10");
});
