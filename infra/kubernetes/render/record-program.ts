import * as pulumi from "@pulumi/pulumi";
import { recordedOutputs } from "./recorded-outputs.ts";
import { RecordingMonitor, type RecordedOptions } from "./recording-monitor.ts";
import type { StackValues } from "./stack-file.ts";

/** A resource that the program has asked for. */
export interface Recorded {
  /** Such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Its name in the program: that of its component first. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: RecordedOptions;
}

const project = "updraft";

/**
 * Runs the program without an engine, a plugin, a cluster or another stack, and records the
 * resources it asks for, whatever the target. A process can do it once: the program is a module.
 * @throws {ConfigError} and whatever else the program throws
 */
export async function recordProgram(
  stack: string,
  { values, secretKeys }: StackValues,
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  process.env["UPDRAFT_RENDER"] = "true";
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secretKeys);
  const mocks: pulumi.runtime.Mocks = {
    async newResource({ type, name, inputs, id, custom }) {
      // What has an id is read, not made.
      if (custom && !id) {
        const options = monitor.optionsOf(type, name);
        recorded.push({ type, name, inputs: unmarkedInputs(inputs), options });
      }
      const state = { ...inputs, ...(await recordedOutputs(type, name, inputs)) };
      return { id: id || `${name}-id`, state };
    },
    call: () => ({}),
  };
  const monitor = new RecordingMonitor(mocks);
  await pulumi.runtime.setMocks(mocks, project, stack);
  pulumi.runtime.setMockOptions(monitor, project, stack);
  pulumi.runtime.setAllConfig({ ...values }, [...secretKeys]);
  await pulumi.runtime.runInPulumiStack(() => import("../../index.ts"));
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
