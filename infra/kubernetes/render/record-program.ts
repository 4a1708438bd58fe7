import * as pulumi from "@pulumi/pulumi";
import { imageDigest, releaseConfigMap } from "./placeholders.ts";
import type { StackValues } from "./stack-file.ts";

/** A resource that the program has asked for. */
export interface Recorded {
  /** Such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Its name in the program: that of its component first. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Runs the program without an engine, a plugin or a cluster, and records the resources it asks
 * for. A process can do it once: the program is a module.
 * @throws {ConfigError} and whatever else the program throws
 */
export async function recordProgram(
  stack: string,
  { values, secretKeys }: StackValues,
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  process.env["UPDRAFT_RENDER"] = "true";
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secretKeys);
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, id, custom }) {
        // What has an id is read, not made.
        if (custom && !id) recorded.push({ type, name, inputs: unmarkedInputs(inputs) });
        return { id: id || `${name}-id`, state: { ...inputs, ...outputsOf(type, name, inputs) } };
      },
      call: () => ({}),
    },
    "updraft",
    stack,
  );
  pulumi.runtime.setAllConfig({ ...values }, [...secretKeys]);
  await import("../../index.ts");
  await pulumi.runtime.disconnect();
  return recorded;
}

/** The engine's own marks on secret values, which are placeholders here. */
const secretMark = "4dabf18193072939515e22adb298388d";

function unmarkedInputs(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, unmarked(value)]));
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== "object" || value === null) return value;
  if (secretMark in value && "value" in value) return unmarked(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, unmarked(entry)]));
}

/** What the plugin would add, as far as the program reads it. */
function outputsOf(type: string, name: string, inputs: Record<string, unknown>): object {
  if (type.startsWith("random:")) {
    const result = `placeholder-of-${name}`;
    return { result, hex: result, base64: result, dec: result };
  }
  switch (type) {
    case "docker:index/image:Image":
      return { repoDigest: `${String(inputs["imageName"])}@${imageDigest(imageOf(name))}` };
    case "kubernetes:core/v1:ConfigMap":
      // Of those that are read there is one: what the training leaves.
      return "data" in inputs ? {} : releaseConfigMap(modelOf());
    case "kubernetes:batch/v1:Job":
      return { status: { completionTime: "1970-01-01T00:00:00Z" } };
    default:
      return {};
  }
}

function imageOf(name: string): string {
  return name.slice(name.lastIndexOf("-") + 1);
}

function modelOf(): string {
  const model = new pulumi.Config("updraft").getObject<{ name?: string }>("model");
  return model?.name ?? "digits";
}
