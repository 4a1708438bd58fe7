/** A part of a bill of materials, as far as ours name things. */
export interface Component {
  readonly type: "container" | "library" | "application";
  /** Unique within the document. */
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly licenses?: readonly License[];
  readonly hashes?: readonly Hash[];
  readonly purl?: string;
  readonly properties?: readonly Property[];
}

type License = { readonly expression: string } | { readonly license: { readonly name: string } };

interface Hash {
  readonly alg: "SHA-256" | "SHA-512" | "SHA-1";
  readonly content: string;
}

interface Property {
  readonly name: string;
  readonly value: string;
}

/**
 * An image.
 * @param ref by its digest; nothing if it has none yet
 * @see https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md
 */
export function imageComponent(
  name: string,
  ref: string | undefined,
  properties: readonly Property[] = [],
): Component {
  const noted = properties.length === 0 ? {} : { properties };
  if (ref === undefined) return { type: "container", "bom-ref": name, name, ...noted };
  const [path = "", digest = ""] = ref.split("@");
  const [, repository = path, tag] = /^(.+?)(?::([\w.-]+))?$/.exec(path) ?? [];
  const last = (repository.split("/").at(-1) ?? repository).toLowerCase();
  const at = `repository_url=${repository}${tag === undefined ? "" : `&tag=${tag}`}`;
  const purl = `pkg:oci/${last}@${encodeURIComponent(digest)}?${at}`;
  const hashes = [{ alg: "SHA-256" as const, content: digest.slice("sha256:".length) }];
  return { type: "container", "bom-ref": purl, name, version: digest, hashes, purl, ...noted };
}

/** A package of npm. @param name with its scope */
export function npmComponent(
  name: string,
  version: string,
  about: { readonly integrity?: string; readonly license?: string },
): Component {
  const [, scope, bare = name] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? [];
  const group = scope === undefined ? {} : { group: scope };
  const path = scope === undefined ? bare : `${encodeURIComponent(scope)}/${bare}`;
  const purl = `pkg:npm/${path}@${encodeURIComponent(version)}`;
  return {
    type: "library",
    "bom-ref": purl,
    ...group,
    name: bare,
    version,
    ...licensesOf(about.license),
    ...hashesOf(about.integrity),
    purl,
  };
}

/** A package of Python's index. @param sha256 of the file that is taken */
export function pypiComponent(name: string, version: string, sha256: string): Component {
  const purl = `pkg:pypi/${name}@${version}`;
  const hashes = [{ alg: "SHA-256" as const, content: sha256 }];
  return { type: "library", "bom-ref": purl, name, version, hashes, purl };
}

function licensesOf(license: string | undefined): Pick<Component, "licenses"> {
  if (license === undefined) return {};
  // npm's own words for a licence that is none of SPDX's.
  const isText = /^(SEE LICENSE IN|UNLICENSED)/.test(license);
  return { licenses: [isText ? { license: { name: license } } : { expression: license }] };
}

/** Of a subresource integrity such as `sha512-…`, which is in base64. */
function hashesOf(integrity: string | undefined): Pick<Component, "hashes"> {
  const algorithms = { sha512: "SHA-512", sha256: "SHA-256", sha1: "SHA-1" } as const;
  const [, name, base64 = ""] = /^(sha512|sha256|sha1)-(\S+)$/.exec(integrity ?? "") ?? [];
  if (name !== "sha512" && name !== "sha256" && name !== "sha1") return {};
  return {
    hashes: [{ alg: algorithms[name], content: Buffer.from(base64, "base64").toString("hex") }],
  };
}
