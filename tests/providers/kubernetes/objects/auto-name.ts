import { createHash, randomBytes } from "node:crypto";
import type { Autonaming } from "../../support/plugin-provider.ts";
import { isRecord, isUnknown } from "../../support/wire-values.ts";
import { annotations, isAnnotated } from "./annotations.ts";
import { nameOfUrn } from "./kind.ts";
import { fieldAt, type KubeObject, nameOf, stringAt, withField } from "./kube-object.ts";

const suffixLength = 8;

/** The prefix with eight hexadecimal digits: the same for the same seed, random without one. */
export function uniqueName(seed: Uint8Array | undefined, prefix: string): string {
  const bytes =
    seed === undefined || seed.length === 0
      ? randomBytes(suffixLength / 2)
      : createHash("sha512").update(seed).digest();
  return prefix + bytes.toString("hex").slice(0, suffixLength);
}

/** Gives an object a name, and marks it as named so, unless the program names it. */
export function withAutoname(
  inputs: KubeObject,
  urn: string,
  seed: Uint8Array,
  autonaming: Autonaming | undefined,
): KubeObject {
  if (isNamed(inputs) || isGenerateName(inputs)) return inputs;
  if (autonaming?.mode === "disable") {
    throw new Error(
      "autonaming is disabled, resource requires the .metadata.name or .metadata.generateName " +
        "field to be set",
    );
  }
  const proposed = autonaming?.proposedName ?? "";
  return named(inputs, proposed === "" ? uniqueName(seed, `${nameOfUrn(urn)}-`) : proposed);
}

/** Keeps the name that an object got before, unless the program names it now. */
export function withOldAutoname(inputs: KubeObject, oldInputs: KubeObject): KubeObject {
  if (isNamed(inputs) || !isAutonamed(oldInputs)) return inputs;
  return named(inputs, nameOf(oldInputs));
}

function named(inputs: KubeObject, name: string): KubeObject {
  const object = withField(inputs, ["metadata", "name"], name);
  const annotated = fieldAt(object, "metadata", "annotations");
  // Into annotations that are not known yet nothing can be put.
  if (annotated !== undefined && !isRecord(annotated)) return object;
  return withField(object, ["metadata", "annotations", annotations.autonamed], "true");
}

/** Whether the object has a name, be it known or not. */
export function isNamed(inputs: KubeObject): boolean {
  return isUnknown(fieldAt(inputs, "metadata", "name")) || nameOf(inputs) !== "";
}

/** Whether the object's name is one that the plugin made up. */
export function isAutonamed(inputs: KubeObject): boolean {
  return isAnnotated(inputs, "autonamed");
}

/** Whether the API server is to make up the name. */
export function isGenerateName(inputs: KubeObject): boolean {
  if (isNamed(inputs)) return false;
  return (
    isUnknown(fieldAt(inputs, "metadata", "generateName")) ||
    stringAt(inputs, "metadata", "generateName") !== ""
  );
}
