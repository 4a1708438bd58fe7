import {
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import errors from "@pulumi/pulumi/proto/provider_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { connectEngine, type Engine } from "./engine.ts";
import {
  checkRequest,
  checkResponse,
  createRequest,
  createResponse,
  deleteRequest,
  diffRequest,
  diffResponse,
  invokeResponse,
  readRequest,
  readResponse,
  structOf,
  updateRequest,
  updateResponse,
} from "./provider-messages.ts";
import { type CreateProvider, type PluginProvider, ResourceInitFailed } from "./plugin-provider.ts";
import { isRecord, type Properties } from "./wire-values.ts";

/** Bags grow with the objects in them; gRPC's own limit is 4 MiB. */
const maxMessageBytes = 400 * 1024 * 1024;

let requestsInProgress = 0;

/**
 * Serves a provider to the engine that started this process, until the engine ends it: prints the
 * port, and ends with its standard input, which the engine holds open.
 */
export async function servePlugin(createProvider: CreateProvider): Promise<void> {
  const engine = connectEngine(process.argv.at(-1) ?? "");
  const provider = createProvider(engine);
  process.stdin.resume();
  process.stdin.once("end", () => {
    provider.cancel?.();
    process.exit(1);
  });
  // At its end the engine interrupts what it has started, and kills what is there five seconds later.
  // Ctrl-C may reach the whole process group: what it means for work is told by `cancel`.
  process.on("SIGINT", () => {
    if (requestsInProgress === 0) process.exit(0);
  });
  const port = await listen(provider, engine);
  process.stdout.write(`${port}\n`);
}

/** Serves the provider on a free port of this machine, which it returns. */
export function listen(provider: PluginProvider, engine: Engine): Promise<number> {
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  server.addService(services.ResourceProviderService, implementation(provider, engine));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

/** A method of the protocol from a function of its request. */
function answer<Request, Response>(
  handle: (request: Request) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => void respond(call.request, handle, callback);
}

async function respond<Request, Response>(
  request: Request,
  handle: (request: Request) => Promise<Response> | Response,
  callback: sendUnaryData<Response>,
): Promise<void> {
  let response;
  requestsInProgress += 1;
  try {
    response = await handle(request);
  } catch (error) {
    callback(serviceError(error), null);
    return;
  } finally {
    requestsInProgress -= 1;
  }
  callback(null, response);
}

const nothing = () => new empty.Empty();

function implementation(provider: PluginProvider, engine: Engine) {
  return {
    getPluginInfo: answer(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    getSchema: answer(() => {
      const response = new errors.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    attach: answer(nothing),
    cancel: answer(() => {
      provider.cancel?.();
      return nothing();
    }),
    ...configuration(provider),
    check: answer(async (request: errors.CheckRequest) =>
      checkResponse(await provider.check(checkRequest(request))),
    ),
    diff: answer(async (request: errors.DiffRequest) =>
      diffResponse(await provider.diff(diffRequest(request))),
    ),
    create: answer(async (request: errors.CreateRequest) =>
      createResponse(await provider.create(createRequest(request))),
    ),
    read: answer(async (request: errors.ReadRequest) =>
      readResponse(await provider.read(readRequest(request))),
    ),
    update: answer(async (request: errors.UpdateRequest) =>
      updateResponse(await provider.update(updateRequest(request))),
    ),
    delete: answer(async (request: errors.DeleteRequest) => {
      await provider.delete(deleteRequest(request));
      return nothing();
    }),
    invoke: answer(async (request: errors.InvokeRequest) => {
      const token = request.getTok();
      if (!provider.invoke) throw new Error(`this provider has no function ${token}`);
      const args = (request.getArgs()?.toJavaScript() ?? {}) as Properties;
      return invokeResponse(await provider.invoke(token, args));
    }),
    // The engine does without these of a provider that does not know them.
    ...unimplemented(["handshake", "parameterize", "call", "construct", "getMapping"], engine),
  };
}

function configuration(provider: PluginProvider) {
  return {
    checkConfig: answer(async (request: errors.CheckRequest) => {
      const plain = checkRequest(request);
      return checkResponse((await provider.checkConfig?.(plain)) ?? { inputs: plain.news });
    }),
    diffConfig: answer(async (request: errors.DiffRequest) => {
      const plain = diffRequest(request);
      return diffResponse((await provider.diffConfig?.(plain)) ?? { changes: "unknown" });
    }),
    configure: answer(async (request: errors.ConfigureRequest) => {
      await provider.configure?.(Object.fromEntries(request.getVariablesMap().entries()));
      const response = new errors.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
  };
}

function unimplemented(names: readonly string[], engine: Engine) {
  const refuse = (name: string) =>
    answer((): never => {
      engine.log("debug", "", `this provider does not implement ${name}`);
      throw Object.assign(new Error(`${name} is not implemented`), {
        code: status.UNIMPLEMENTED,
      });
    });
  return Object.fromEntries(names.map((name) => [name, refuse(name)]));
}

function serviceError(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const code = isRecord(error) && typeof error["code"] === "number" ? error["code"] : undefined;
  if (!(error instanceof ResourceInitFailed)) {
    return { code: code ?? status.UNKNOWN, details: message, metadata: new Metadata() };
  }
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(initFailure(error).serializeBinary()));
  return { code: status.UNKNOWN, details: message, metadata };
}

/** What the engine needs to keep a resource that is there but not as it should be. */
function initFailure(error: ResourceInitFailed): statuses.Status {
  const detail = new errors.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(structOf(error.properties));
  if (error.inputs) detail.setInputs(structOf(error.inputs));
  detail.setReasonsList([...error.reasons]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const failure = new statuses.Status();
  failure.setCode(status.UNKNOWN);
  failure.setMessage(error.message);
  failure.addDetails(packed);
  return failure;
}
