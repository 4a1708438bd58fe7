import { digestOf } from "@updraft/contracts/digest";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkout } from "../../checkout.ts";
import { imageNames, shortDigest } from "../../kubernetes/images/build-context.ts";
import { pinnedImages } from "../../kubernetes/images/pinned.ts";
import { billOfMaterials, type ImageContent } from "./bill-of-materials.ts";
import { contentHere, contentOf } from "./image-content.ts";

const hex = "a".repeat(64);
const ref = `registry.example.com:5000/team/server@sha256:${hex}`;
const base = `docker.io/library/node:24-bookworm-slim@sha256:${"e".repeat(64)}`;
const integrity = `sha512-${Buffer.from("ab".repeat(64), "hex").toString("base64")}`;

/** Of a workspace that needs a package in two versions, one of them for another platform too. */
const content: ImageContent = {
  image: "server",
  ref,
  base,
  context: digestOf("context"),
  lock: {
    name: "updraft",
    version: "0.1.0",
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { workspaces: ["server"] },
      server: lockEntry("0.1.0", {
        name: "@updraft/server",
        dependencies: { a: "1", "@s/b": "1" },
      }),
      "node_modules/@updraft/server": { link: true, resolved: "server" },
      "node_modules/a": lockEntry("1.0.0", {
        integrity,
        license: "MIT",
        dependencies: { "@s/b": "2" },
      }),
      "node_modules/a/node_modules/@s/b": lockEntry("2.0.0", { license: "SEE LICENSE IN LICENSE" }),
      "node_modules/@s/b": lockEntry("1.0.0", { license: "(MIT OR Apache-2.0)" }),
      "node_modules/c": lockEntry("1.0.0", { os: ["darwin"] }),
      "node_modules/d": lockEntry("1.0.0", { os: ["!win32"], libc: ["musl"] }),
    },
  },
};

function lockEntry(version: string, more: object) {
  return { version, ...more };
}

/** What CycloneDX 1.6 requires, of those parts that ours has. */
const Hash = z.union([
  z.strictObject({ alg: z.literal("SHA-512"), content: z.string().regex(/^[0-9a-f]{128}$/) }),
  z.strictObject({ alg: z.literal("SHA-256"), content: z.string().regex(/^[0-9a-f]{64}$/) }),
]);
const Component = z.strictObject({
  type: z.enum(["application", "container", "library"]),
  "bom-ref": z.string().min(1),
  name: z.string().min(1),
  group: z.string().min(1).optional(),
  version: z.string().min(1).optional(),
  purl: z.string().startsWith("pkg:").optional(),
  hashes: z.array(Hash).optional(),
  licenses: z
    .union([
      z.tuple([z.strictObject({ expression: z.string().regex(/^[\w.+() -]+$/) })]),
      z.array(z.strictObject({ license: z.strictObject({ name: z.string() }) })),
    ])
    .optional(),
  properties: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
});
const Bill = z.strictObject({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.literal("1.6"),
  serialNumber: z
    .string()
    .regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  version: z.int().min(1),
  metadata: z.strictObject({ component: Component }),
  components: z.array(Component),
  dependencies: z.array(z.strictObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

describe("a bill of materials", () => {
  const bill = billOfMaterials(content);
  const server = "pkg:npm/%40updraft/server@0.1.0";

  it("is of the image, by its digest", () => {
    expect(bill.metadata.component).toEqual({
      type: "container",
      "bom-ref": `pkg:oci/server@sha256%3A${hex}?repository_url=registry.example.com:5000/team/server`,
      name: "updraft-server",
      version: `sha256:${hex}`,
      hashes: [{ alg: "SHA-256", content: hex }],
      purl: `pkg:oci/server@sha256%3A${hex}?repository_url=registry.example.com:5000/team/server`,
      properties: [{ name: "updraft:context", value: digestOf("context") }],
    });
  });

  it("names the base by its digest, and every package that is installed in its exact version", () => {
    expect(bill.components.map(({ purl }) => purl)).toEqual([
      `pkg:oci/node@sha256%3A${"e".repeat(64)}?repository_url=docker.io/library/node&tag=24-bookworm-slim`,
      "pkg:npm/%40s/b@1.0.0",
      "pkg:npm/%40s/b@2.0.0",
      server,
      "pkg:npm/a@1.0.0",
    ]);
  });

  it("says of a package what the lock file says", () => {
    const hashes = [{ alg: "SHA-512", content: "ab".repeat(64) }];
    expect(bill.components.find(({ name }) => name === "a")).toMatchObject({ hashes });
    expect(bill.components.map(({ licenses }) => licenses?.[0])).toEqual([
      undefined,
      { expression: "(MIT OR Apache-2.0)" },
      { license: { name: "SEE LICENSE IN LICENSE" } },
      undefined,
      { expression: "MIT" },
    ]);
  });

  it("tells what depends on what, as Node finds it", () => {
    expect(bill.dependencies.slice(2)).toEqual([
      { ref: "pkg:npm/%40s/b@1.0.0", dependsOn: [] },
      { ref: "pkg:npm/%40s/b@2.0.0", dependsOn: [] },
      { ref: server, dependsOn: ["pkg:npm/%40s/b@1.0.0", "pkg:npm/a@1.0.0"] },
      { ref: "pkg:npm/a@1.0.0", dependsOn: ["pkg:npm/%40s/b@2.0.0"] },
    ]);
    expect(bill.dependencies[0]?.dependsOn).toEqual([bill.components[0]?.["bom-ref"], server]);
  });

  it("is the same of the same content, and another of another", () => {
    expect(billOfMaterials(content)).toEqual(bill);
    const other = billOfMaterials({ ...content, context: digestOf("other") });
    expect(other.serialNumber).not.toBe(bill.serialNumber);
  });
});

describe.each(imageNames)("the bill of materials of the %s", (name) => {
  it("has what CycloneDX requires, and refers only to what is in it", async () => {
    const bill = Bill.parse(billOfMaterials(await contentHere(name, checkout)));
    const known = [bill.metadata.component, ...bill.components].map((entry) => entry["bom-ref"]);
    expect(new Set(known).size).toBe(known.length);
    expect(bill.dependencies.map((entry) => entry.ref).toSorted()).toEqual(known.toSorted());
    const used = new Set(bill.dependencies.flatMap((entry) => entry.dependsOn));
    expect([...used].filter((entry) => !known.includes(entry))).toEqual([]);
  });
});

describe("what an image was built of", () => {
  it("names TensorFlow and the CUDA libraries of a trainer for GPUs", async () => {
    const here = await contentHere("trainer", checkout);
    const build = { tag: `${shortDigest(here.context)}-gpu`, base, target: "gpu" };
    const found = await contentOf({ name: "trainer", ref, build }, checkout);
    const { components } = billOfMaterials(found);
    const python = components.filter(({ purl }) => purl?.startsWith("pkg:pypi/"));
    expect(python.map(({ purl }) => purl)).toContain("pkg:pypi/tensorflow@2.15.1");
    expect(python).toHaveLength(11);
  });

  it("names no package that only development uses", async () => {
    const { components } = billOfMaterials(await contentHere("tracker", checkout));
    const names = components.map(({ name }) => name);
    expect(names).toContain("kysely");
    expect(names.filter((name) => /vitest|typescript|playwright|oxlint/.test(name))).toEqual([]);
    expect(components[0]?.purl).toContain(
      encodeURIComponent(pinnedImages.base.split("@")[1] ?? ""),
    );
  });

  it("is refused of an image that was built from another checkout", async () => {
    const build = { tag: "0123456789ab", base };
    await expect(contentOf({ name: "server", ref, build }, checkout)).rejects.toThrow(
      /^server: the stack runs 0123456789ab, and this checkout would be built into [0-9a-f]{12}; check out/,
    );
  });
});
