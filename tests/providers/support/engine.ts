import { credentials } from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";

/** How much a message matters. */
export type Severity = "debug" | "info" | "warning" | "error";

const severities = {
  debug: engineMessages.LogSeverity.DEBUG,
  info: engineMessages.LogSeverity.INFO,
  warning: engineMessages.LogSeverity.WARNING,
  error: engineMessages.LogSeverity.ERROR,
} as const;

/** The engine that runs the update, as far as plugins talk to it. */
export interface Engine {
  /** A message that stays: under "Diagnostics" once the update has ended. */
  log(severity: Severity, urn: string, message: string): void;
  /** A message that the next one replaces: the status at the resource's line; "" clears it. */
  status(severity: Severity, urn: string, message: string): void;
}

/** Connects to the engine at the address that it gave the plugin as its last argument. */
export function connectEngine(address: string): Engine {
  const client = new engineServices.EngineClient(address, credentials.createInsecure());
  const send = (severity: Severity, urn: string, message: string, ephemeral: boolean) => {
    const request = new engineMessages.LogRequest();
    request.setSeverity(severities[severity]);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    // A message that is lost (the engine is going away) is not worth an error of the resource.
    client.log(request, () => undefined);
  };
  return {
    log: (severity, urn, message) => send(severity, urn, message, false),
    status: (severity, urn, message) => send(severity, urn, message, true),
  };
}
