import { changesBetween, type Properties } from "./property-values.ts";
import type { OperationContext, ResourceHandler } from "./resource-handler.ts";
import { rollService, serviceStatus, startSupervisor, stopService } from "./supervisor-client.ts";
import {
  controlFilePath,
  logFilePath,
  ServiceSpec,
  type ServiceStatus,
} from "./supervisor-protocol.ts";

/** Where a service is found decides which supervisor it is; another place is another service. */
const placeKeys = ["name", "host", "port", "folder"] as const;

/** A long-running process behind a port that stays open over restarts and updates. */
export const serviceHandler: ResourceHandler = {
  async difference(state, inputs, context) {
    if (placeKeys.some((key) => state[key] !== inputs[key])) return "replace";
    if (changesBetween(specOf(state), specOf(inputs)).length > 0) return "update";
    if (await serviceStatus(ServiceSpec.parse(state))) return "same";
    context.info("is not running any more and will be started again");
    return "update";
  },

  async create(inputs, context) {
    const spec = ServiceSpec.parse(inputs);
    const { pid } = await bringUp(spec, context);
    return { id: controlFilePath(spec), outs: outputsOf(spec, pid) };
  },

  async read(state) {
    const spec = ServiceSpec.parse(state);
    const status = await serviceStatus(spec);
    return status && outputsOf(spec, status.pid);
  },

  async update(_state, inputs, context) {
    const spec = ServiceSpec.parse(inputs);
    return outputsOf(spec, (await bringUp(spec, context)).pid);
  },

  delete: (state) => stopService(ServiceSpec.parse(state)),
};

/** One that runs is taken over: an update that was killed has started it without noting it down. */
async function bringUp(spec: ServiceSpec, { signal }: OperationContext): Promise<ServiceStatus> {
  return (await serviceStatus(spec)) ? rollService(spec) : startSupervisor(spec, signal);
}

function specOf(properties: Properties): Properties {
  return Object.fromEntries(Object.keys(ServiceSpec.shape).map((key) => [key, properties[key]]));
}

function outputsOf(spec: ServiceSpec, pid: number): Properties {
  return { url: `http://${spec.host}:${spec.port}`, pid, logFile: logFilePath(spec) };
}
