import { credentials } from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";

/** Messages to the engine that runs the update, shown beside the resource they are about. */
export interface EngineLog {
  /** A message that stays: under "Diagnostics" once the update has ended. */
  info(urn: string, message: string): void;
  /** A message that the next one replaces: the status at the resource's line. */
  status(urn: string, message: string): void;
}

/** Connects to the engine at the address that it gave the plugin as its last argument. */
export function createEngineLog(engineAddress: string): EngineLog {
  const engine = new engineServices.EngineClient(engineAddress, credentials.createInsecure());
  const send = (urn: string, message: string, ephemeral: boolean) => {
    const request = new engineMessages.LogRequest();
    request.setSeverity(engineMessages.LogSeverity.INFO);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    // A message that is lost (the engine is going away) is not worth an error of the resource.
    engine.log(request, () => undefined);
  };
  return {
    info: (urn, message) => send(urn, message, false),
    status: (urn, message) => send(urn, message, true),
  };
}
