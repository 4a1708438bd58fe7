import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import type { DatasetFormat } from "@updraft/models/dataset";
import { webAddressProblem } from "./http-get.ts";

/** An address of a dataset, taken apart. */
export interface DatasetUri {
  /** Of a folder, or of the only file; without a fragment. */
  readonly address: string;
  /** Where the address is a file: the name that the format has for it, with `.gz` if it is. */
  readonly only: string | undefined;
  /** Of the only file, or of the folder's list of checksums; in hexadecimal. */
  readonly sha256: string | undefined;
}

/** What addresses of datasets look like, for help and messages. */
export const datasetUriForms = [
  "file:///<folder>",
  "https://<host>/<folder>/",
  "s3://<bucket>/<folder>",
];

/** A run's record of its data holds no more, in characters. */
const longestUri = 500;

/** Why a text is no address of a dataset, if it is none. */
export function datasetUriProblem(uri: string): string | undefined {
  const { address, sha256 } = split(uri);
  if (uri.length > longestUri) {
    return `it has ${uri.length} characters; a tracker keeps at most ${longestUri}`;
  }
  const pin = "after # expected sha256= and 64 hexadecimal digits";
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) return pin;
  if (/^file:\/\/\/./.test(address)) return undefined;
  if (address.startsWith("s3://")) return bucketProblem(address);
  if (!/^https?:\/\//.test(address)) return `expected ${datasetUriForms.join(", ")}`;
  if (!URL.canParse(address)) return "it is not an address";
  return address.includes("#") ? pin : webAddressProblem(new URL(address));
}

function bucketProblem(address: string): string | undefined {
  try {
    openArtifactStore(address, {});
    return undefined;
  } catch {
    return "expected s3://<bucket>/<folder>, and in the bucket's name 3 to 63 of a-z, 0-9, . and -";
  }
}

/**
 * Takes an address apart. It is that of a file if its last part is the name of one of the format's
 * files, or if there is a checksum, no slash at its end, and one file that the format must have.
 */
export function parseDatasetUri(uri: string, { files }: DatasetFormat): DatasetUri {
  const { address, sha256 } = split(uri);
  const last = lastPart(address);
  const named = files.some(({ name }) => last === name || last === `${name}.gz`);
  if (named) return { address, only: last, sha256 };
  const [first, ...more] = files.filter(({ required }) => required);
  const isFile = sha256 !== undefined && last !== "" && first !== undefined && more.length === 0;
  if (!isFile) return { address, only: undefined, sha256 };
  return { address, only: last.endsWith(".gz") ? `${first.name}.gz` : first.name, sha256 };
}

/** The digest in the address of a snapshot, in hexadecimal: `…/datasets/3f9a…`. */
export function snapshotIn(address: string): string | undefined {
  return /\/datasets\/([0-9a-f]{64})\/?$/.exec(address)?.[1];
}

function split(uri: string) {
  const [address = uri, sha256] = uri.split("#sha256=");
  return { address, sha256: sha256?.toLowerCase() };
}

/** Decoded; empty if a slash is at the end. */
function lastPart(address: string): string {
  if (address.startsWith("s3:")) return address.slice(address.lastIndexOf("/") + 1);
  const { pathname } = new URL(address);
  const part = pathname.slice(pathname.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone % is a name like any other.
    return part;
  }
}
