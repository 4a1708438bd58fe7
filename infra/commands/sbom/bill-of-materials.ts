import { createHash } from "node:crypto";
import type { Digest } from "@updraft/contracts/digest";
import type { ImageName } from "../../kubernetes/images/build-context.ts";
import type { LockFile } from "../../kubernetes/images/locked-packages.ts";
import { type Component, imageComponent } from "./components.ts";
import { libraryComponents } from "./library-components.ts";
import { npmGraph } from "./npm-graph.ts";

/** What an image was built of. */
export interface ImageContent {
  readonly image: ImageName;
  /** As the registry has it; nothing of one that has not been pushed. */
  readonly ref?: string;
  /** Stage of the Dockerfile. */
  readonly target?: string;
  /** What it stands on, by its digest. */
  readonly base: string;
  /** Of the whole build context. */
  readonly context: Digest;
  /** What of npm's packages the build installs. */
  readonly lock: LockFile;
}

/** What depends on what, by references within the document. */
interface Dependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

/**
 * A software bill of materials.
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export interface BillOfMaterials {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

/**
 * What is in an image: the base, npm's packages in their exact versions, the libraries that its
 * build fetches, and our own sources. Packages of the base's distribution are the base's: its digest
 * names them. The same content gives the same document.
 */
export function billOfMaterials(content: ImageContent): BillOfMaterials {
  const { image, target, ref, context, lock } = content;
  const base = imageComponent(nameOf(content.base), content.base);
  const root = imageComponent(`updraft-${image}`, ref, [
    { name: "updraft:context", value: context },
    ...(target === undefined ? [] : [{ name: "updraft:target", value: target }]),
  ]);
  const libraries = libraryComponents(image, target);
  const { components, dependencies, roots } = npmGraph(lock);
  const direct = [base, ...libraries].map((component) => component["bom-ref"]);
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([image, target, ref, content.base, context]))}`,
    version: 1,
    metadata: { component: root },
    components: [base, ...libraries, ...components],
    dependencies: [
      { ref: root["bom-ref"], dependsOn: [...direct, ...roots] },
      ...direct.map((known) => ({ ref: known, dependsOn: [] })),
      ...dependencies,
    ],
  };
}

/** `node` of `docker.io/library/node:24-bookworm-slim@sha256:…`. */
function nameOf(ref: string): string {
  const [path = ""] = ref.split("@");
  return (path.split("/").at(-1) ?? path).replace(/:.*$/, "");
}

/** A UUID of version 8 (RFC 9562): the same of the same text. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join("-");
}
