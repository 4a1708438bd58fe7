import { recordProgram } from "../kubernetes/render/record-program.ts";
import { kindOf } from "./manifest.ts";
import type { Resource } from "./rule.ts";

const digest = `sha256:${"a".repeat(64)}`;
const chapters = {
  images: Object.fromEntries(
    ["trainer", "server", "tracker"].map((name) => [name, `registry.test/${name}@${digest}`]),
  ),
  gpu: { devicePlugin: true, nodes: { names: ["gpu-1"] } },
  inference: { ingress: { host: "digits.test" } },
  protect: true,
};

/**
 * What the program asks for in a stack of target `kubernetes` that has nearly everything.
 * @param stack its name
 */
export function recordedStack(stack: string): Promise<Resource[]> {
  const values = Object.entries(chapters).map(([key, value]) => [
    `updraft:${key}`,
    JSON.stringify(value),
  ]);
  const target = { "updraft:target": "kubernetes" };
  return recordProgram(stack, {
    values: { ...target, ...Object.fromEntries(values) },
    secretKeys: [],
  });
}

/**
 * A resource by its kind and its name in the program: `StatefulSet store-server`.
 * @throws if there is none
 */
export function named(resources: readonly Resource[], name: string): Resource {
  const found = resources.find((resource) => `${kindOf(resource)} ${resource.name}` === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/**
 * The resource with another value at a place of its inputs; nothing there if it is `undefined`.
 * @param path keys and indexes: `spec.template.spec.containers.0.image`
 */
export function withInput(resource: Resource, path: string, value: unknown): Resource {
  return { ...resource, inputs: { ...Object(withValue(resource.inputs, path.split("."), value)) } };
}

function withValue(
  place: unknown,
  [key = "", ...rest]: readonly string[],
  value: unknown,
): unknown {
  const entry: unknown = Object(place)[key];
  const next = rest.length === 0 ? value : withValue(entry, rest, value);
  if (Array.isArray(place) || (/^\d+$/.test(key) && place === undefined)) {
    const list = Array.isArray(place) ? [...place] : [];
    list[Number(key)] = next;
    return list;
  }
  return Object.fromEntries(
    Object.entries({ ...Object(place), [key]: next }).filter(([, each]) => each !== undefined),
  );
}
