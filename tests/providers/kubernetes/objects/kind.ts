import { apiVersionOf, type KubeObject, kindOf } from "./kube-object.ts";

/** A kind of object; the core group is "". */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The resource's type in an URN, without its parents: `kubernetes:apps/v1:Deployment`. */
export function typeOfUrn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The resource's name in an URN. */
export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/**
 * The kind that a resource's type is about.
 * @throws of types that are not a Kubernetes kind, such as charts
 */
export function kindOfUrn(urn: string): Kind {
  const [, apiVersion = "", kind = ""] = typeOfUrn(urn).split(":");
  const [group, version, ...rest] = apiVersion.split("/");
  if (group === undefined || version === undefined || rest.length > 0) {
    throw new Error(`apiVersion does not have both a group and a version: "${apiVersion}"`);
  }
  return { group: group === "core" ? "" : group, version, kind };
}

/** The kind of an object. */
export function kindOfObject(object: KubeObject): Kind {
  const [first = "", second] = apiVersionOf(object).split("/");
  const [group, version] = second === undefined ? ["", first] : [first, second];
  return { group: group === "core" ? "" : group, version, kind: kindOf(object) };
}

/** `v1` or `apps/v1`. */
export function apiVersionOfKind({ group, version }: Kind): string {
  return group === "" ? version : `${group}/${version}`;
}

/** Whether the resource patches an object that something else has made, such as `NodePatch`. */
export function isPatch(urn: string, kind: string): boolean {
  return kind !== "" && typeOfUrn(urn).split(":").at(-1) === `${kind}Patch`;
}

const unsupported = /^kubernetes:(helm\.sh|yaml|kustomize)/;

/**
 * Refuses what the official plugin has beyond objects.
 * @throws where the stand-in does not support the resource
 */
export function assertSupported(urn: string): void {
  const type = typeOfUrn(urn);
  if (unsupported.test(type)) {
    throw new Error(
      `the stand-in for the Kubernetes plugin does not support ${type}; install the official ` +
        `plugin, or declare the objects one by one`,
    );
  }
  if (/:[A-Za-z]+List$/.test(type)) {
    throw new Error(
      "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be " +
        "created directly. Use the underlying resource type instead",
    );
  }
}
