import { stringify } from "yaml";
import { checksumAnnotation } from "../checksum.ts";
import { imageNames } from "../images/build-context.ts";
import { jobPrefixes } from "../training/run-name.ts";
import { nextRun, secretVariable, substitutions } from "./placeholders.ts";
import type { Recorded } from "./record-program.ts";

/** A manifest as a file. */
export interface ManifestFile {
  /** `03-service-store.yaml`: in the order in which an update applies them. */
  readonly name: string;
  readonly text: string;
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** The components of the program, in the order in which it makes them. */
const chapters = [
  "environment",
  "store",
  "tracker",
  "gpu",
  "training",
  "promotion",
  "rollback",
  "inference",
  "monitoring",
];

/** Within a component: what others of it refer to first. */
const kinds = `
  Namespace ResourceQuota LimitRange RuntimeClass Node NetworkPolicy ServiceAccount Role RoleBinding
  Secret ConfigMap PersistentVolumeClaim Service HorizontalPodAutoscaler PodDisruptionBudget
  StatefulSet DaemonSet Deployment InferenceService Job Ingress HTTPRoute ServiceMonitor
`
  .trim()
  .split(/\s+/);

/** Stands above what holds variables. */
const head = "# ${…}: known to an update only.\n";

/**
 * The manifests among what a program asked for, each as a file. The same resources give the same
 * files to the byte, in whatever order they were asked for; no file holds a secret.
 */
export function manifestFiles(recorded: readonly Recorded[]): ManifestFile[] {
  const manifests = recorded
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ name, inputs }) => ({ place: placeOf(name), manifest: manifestOf(inputs) }))
    .toSorted((a, b) => a.place - b.place || compare(keyOf(a.manifest), keyOf(b.manifest)));
  const replace = replacements(manifests.map(({ manifest }) => manifest));
  const width = String(manifests.length).length;
  return manifests.map(({ manifest }, index) => {
    const number = String(index + 1).padStart(Math.max(width, 2), "0");
    const name = `${number}-${manifest.kind.toLowerCase()}-${manifest.metadata.name}.yaml`;
    const options = { lineWidth: 0, aliasDuplicateObjects: false };
    const text = replace(stringify(presentable(manifest), options));
    return { name: replace(name), text: text.includes("${") ? `${head}${text}` : text };
  });
}

/** Where a resource's component is in the program; what is not known comes last. */
function placeOf(name: string): number {
  const index = chapters.findIndex((chapter) => name.startsWith(`${chapter}-`));
  return index === -1 ? chapters.length : index;
}

function keyOf({ kind, metadata }: Manifest): readonly [number, string] {
  const index = kinds.indexOf(kind);
  return [index === -1 ? kinds.length : index, `${kind} ${metadata.name}`];
}

function compare(a: readonly [number, string], b: readonly [number, string]): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] === b[1]) return 0;
  return a[1] < b[1] ? -1 : 1;
}

/** The inputs of a resource are its manifest, with the head first. */
function manifestOf(inputs: Readonly<Record<string, unknown>>): Manifest {
  const { apiVersion, kind, metadata, ...rest } = inputs;
  return { apiVersion, kind, metadata, ...rest } as unknown as Manifest;
}

function presentable(manifest: Manifest): unknown {
  if (manifest.kind !== "Secret") return withoutChecksums(manifest);
  const { data, stringData, ...rest } = manifest as Manifest & SecretContent;
  const keys = Object.keys({ ...data, ...stringData }).toSorted();
  const { name } = manifest.metadata;
  const variables = keys.map((key) => [key, secretVariable(name, key)]);
  return { ...rest, stringData: Object.fromEntries(variables) };
}

interface SecretContent {
  readonly data?: object;
  readonly stringData?: object;
}

/** A checksum of secrets that are placeholders is none. */
function withoutChecksums(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutChecksums);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === checksumAnnotation ? "${CONFIG_CHECKSUM}" : withoutChecksums(entry),
    ]),
  );
}

/** Puts variables in the place of what only an update knows. */
function replacements(manifests: readonly Manifest[]): (text: string) => string {
  const known = new Map(substitutions(imageNames));
  for (const { kind, metadata } of manifests) {
    const prefix = Object.values(jobPrefixes).find((each) => metadata.name.startsWith(each));
    if (kind === "Job" && prefix !== undefined) {
      known.set(metadata.name.slice(prefix.length), nextRun);
    }
  }
  return (text) =>
    [...known].reduce(
      (current, [value, variable]) => current.replaceAll(value, () => variable),
      text,
    );
}
