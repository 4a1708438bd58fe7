import { z } from "zod";

/** What a supervisor runs: inputs of `updraft:local:Service`. */
export const ServiceSpec = z.object({
  name: z.string(),
  /** Module that Node runs. */
  entry: z.string(),
  args: z.array(z.string()),
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  host: z.string(),
  port: z.number(),
  /** The configuration key of the port, for messages. */
  portKey: z.string(),
  /** Path that answers 200 once the service can do its work. */
  healthPath: z.string(),
  /** The stack's folder; logs and control files go below it. */
  folder: z.string(),
  readyTimeoutSeconds: z.number(),
  drainSeconds: z.number(),
  /** Digest of the service's code: a change rolls out. */
  code: z.string(),
});
export type ServiceSpec = z.infer<typeof ServiceSpec>;

/** How to reach a supervisor; kept in a file of mode 0600 in the stack's folder. */
export const ControlFile = z.object({
  pid: z.int(),
  /** Port on 127.0.0.1 of its control server. */
  controlPort: z.int(),
  /** Bearer token that the control server wants. */
  token: z.string(),
});
export type ControlFile = z.infer<typeof ControlFile>;

/** What a supervisor says of itself. */
export const ServiceStatus = z.object({
  pid: z.int(),
  port: z.int(),
  /** Process that answers; none while it is being started again. */
  servicePid: z.int().optional(),
  /** How often the process has ended on its own and was started again. */
  restarts: z.int(),
});
export type ServiceStatus = z.infer<typeof ServiceStatus>;

/** First message to a supervisor, from the provider that started it. */
export interface StartMessage {
  readonly type: "start";
  readonly spec: ServiceSpec;
}

/** A supervisor's answer to its start. */
export const StartReply = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), status: ServiceStatus }),
  z.object({ type: z.literal("failed"), message: z.string() }),
]);
export type StartReply = z.infer<typeof StartReply>;

/** Where a service's supervisor says how it can be reached. */
export function controlFilePath(spec: Pick<ServiceSpec, "folder" | "name" | "port">): string {
  return `${spec.folder}/run/${spec.name}-${spec.port}.json`;
}

/** Where a service's output goes. */
export function logFilePath(spec: Pick<ServiceSpec, "folder" | "name">): string {
  return `${spec.folder}/logs/${spec.name}.log`;
}
