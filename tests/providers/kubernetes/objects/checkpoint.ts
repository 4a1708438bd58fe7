import {
  containsSecret,
  isRecord,
  isSecret,
  type Properties,
  secretOf,
  withoutSecrets,
} from "../../support/wire-values.ts";
import { apiVersionOf, fieldAt, type KubeObject, kindOf, stringAt } from "./kube-object.ts";

/** What the plugin keeps in the state beside the object. */
const inputsKey = "__inputs";
const initialApiVersionKey = "__initialApiVersion";
const fieldManagerKey = "__fieldManager";

interface Checkpoint {
  readonly inputs: KubeObject;
  /** The object as the API server last gave it. */
  readonly live: KubeObject;
  /** The inputs as the engine gave them: what is secret in them is secret in the state. */
  readonly fromInputs: Properties;
  readonly initialApiVersion: string;
  readonly fieldManager: string;
}

/** The state of a resource: its live object, and beside it what made it so. */
export function checkpoint(parts: Checkpoint): Properties {
  const object = withSecretData(withSecretsOf(parts.live, parts.fromInputs), parts);
  return {
    ...object,
    [inputsKey]: withSecretsOf(parts.inputs, parts.fromInputs),
    [initialApiVersionKey]: parts.initialApiVersion,
    [fieldManagerKey]: parts.fieldManager,
  };
}

/** What a secret's `stringData` was is in its `data`. */
function withSecretData(object: KubeObject, parts: Checkpoint): KubeObject {
  const isSecretKind = kindOf(parts.live) === "Secret" && apiVersionOf(parts.live) === "v1";
  if (!isSecretKind || !("stringData" in parts.fromInputs) || !("data" in object)) return object;
  return { ...object, data: secretOf(object["data"]) };
}

/** The inputs, the live object and the rest of a state, with plain values instead of secrets. */
export function parseCheckpoint(state: Properties): Omit<Checkpoint, "fromInputs"> {
  const plain = withoutSecrets(state) as KubeObject;
  const { [inputsKey]: inputs, ...live } = plain;
  return {
    inputs: isRecord(inputs) ? inputs : {},
    live,
    initialApiVersion: stringAt(plain, initialApiVersionKey),
    fieldManager: stringAt(plain, fieldManagerKey),
  };
}

/**
 * The object with what is secret in the inputs as secrets. Of a list with a secret in it the whole
 * list is one; the data of a Secret always is.
 */
export function withSecretsOf(object: KubeObject, inputs: unknown): KubeObject {
  if (fieldAt(object, "kind") === "Secret") {
    return Object.fromEntries(
      Object.entries(object).map(([key, value]) => [
        key,
        key === "data" || key === "stringData" ? secretOf(value) : value,
      ]),
    );
  }
  if (!isRecord(inputs)) return object;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, marked(value, inputs[key])]),
  );
}

function marked(value: unknown, input: unknown): unknown {
  if (input === undefined || isSecret(value)) return value;
  if (isRecord(value) && isRecord(input) && !isSecret(input)) return withSecretsOf(value, input);
  return containsSecret(input) ? secretOf(value) : value;
}
