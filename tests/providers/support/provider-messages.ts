import messages from "@pulumi/pulumi/proto/provider_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type {
  Autonaming,
  ChangeKind,
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "./plugin-provider.ts";
import { type Properties, withoutNulls } from "./wire-values.ts";

type Struct = structs.Struct;

/** A property bag as the protocol carries it. */
export function structOf(properties: Properties): Struct {
  return structs.Struct.fromJavaScript(
    withoutNulls(properties) as Record<string, structs.JavaScriptValue>,
  );
}

function propertiesOf(struct: Struct | undefined): Properties {
  return withoutNulls(struct?.toJavaScript() ?? {}) as Properties;
}

/** The request in plain values. */
export function checkRequest(request: messages.CheckRequest): CheckRequest {
  return {
    urn: request.getUrn(),
    olds: propertiesOf(request.getOlds()),
    news: propertiesOf(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
    autonaming: autonaming(request.getAutonaming()),
  };
}

const autonamingModes = ["propose", "enforce", "disable"] as const;

function autonaming(
  options: messages.CheckRequest.AutonamingOptions | undefined,
): Autonaming | undefined {
  if (!options) return undefined;
  const mode = autonamingModes[options.getMode()] ?? "propose";
  return { mode, proposedName: options.getProposedName() };
}

/** The result as a response of the protocol. */
export function checkResponse(result: CheckResult): messages.CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(structOf(result.inputs));
  for (const { property, reason } of result.failures ?? []) {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}

/** The request in plain values. */
export function diffRequest(request: messages.DiffRequest): DiffRequest {
  return {
    id: request.getId(),
    urn: request.getUrn(),
    olds: propertiesOf(request.getOlds()),
    oldInputs: propertiesOf(request.getOldInputs()),
    news: propertiesOf(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

const changeKinds: Readonly<Record<ChangeKind, messages.PropertyDiff.Kind>> = {
  add: messages.PropertyDiff.Kind.ADD,
  "add-replace": messages.PropertyDiff.Kind.ADD_REPLACE,
  delete: messages.PropertyDiff.Kind.DELETE,
  "delete-replace": messages.PropertyDiff.Kind.DELETE_REPLACE,
  update: messages.PropertyDiff.Kind.UPDATE,
  "update-replace": messages.PropertyDiff.Kind.UPDATE_REPLACE,
};

const changes = {
  unknown: messages.DiffResponse.DiffChanges.DIFF_UNKNOWN,
  none: messages.DiffResponse.DiffChanges.DIFF_NONE,
  some: messages.DiffResponse.DiffChanges.DIFF_SOME,
} as const;

/** The result as a response of the protocol. */
export function diffResponse(result: DiffResult): messages.DiffResponse {
  const response = new messages.DiffResponse();
  response.setChanges(changes[result.changes]);
  response.setReplacesList([...(result.replaces ?? [])]);
  response.setDiffsList([...(result.diffs ?? [])]);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  if (!result.detailedDiff) return response;
  response.setHasdetaileddiff(true);
  for (const [path, { kind, inputDiff }] of Object.entries(result.detailedDiff)) {
    const diff = new messages.PropertyDiff();
    diff.setKind(changeKinds[kind]);
    diff.setInputdiff(inputDiff ?? false);
    response.getDetaileddiffMap().set(path, diff);
  }
  return response;
}

/** The request in plain values. */
export function createRequest(request: messages.CreateRequest): CreateRequest {
  return {
    urn: request.getUrn(),
    properties: propertiesOf(request.getProperties()),
    timeoutSeconds: request.getTimeout(),
    preview: request.getPreview(),
  };
}

/** The result as a response of the protocol. */
export function createResponse(result: CreateResult): messages.CreateResponse {
  const response = new messages.CreateResponse();
  response.setId(result.id);
  response.setProperties(structOf(result.properties));
  return response;
}

/** The request in plain values. */
export function readRequest(request: messages.ReadRequest): ReadRequest {
  return {
    id: request.getId(),
    urn: request.getUrn(),
    properties: propertiesOf(request.getProperties()),
    inputs: propertiesOf(request.getInputs()),
  };
}

/** The result as a response of the protocol. */
export function readResponse(result: ReadResult): messages.ReadResponse {
  const response = new messages.ReadResponse();
  response.setId(result.id);
  if (result.properties) response.setProperties(structOf(result.properties));
  if (result.inputs) response.setInputs(structOf(result.inputs));
  return response;
}

/** The request in plain values. */
export function updateRequest(request: messages.UpdateRequest): UpdateRequest {
  return {
    id: request.getId(),
    urn: request.getUrn(),
    olds: propertiesOf(request.getOlds()),
    news: propertiesOf(request.getNews()),
    timeoutSeconds: request.getTimeout(),
    preview: request.getPreview(),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

/** The new state as a response of the protocol. */
export function updateResponse(properties: Properties): messages.UpdateResponse {
  const response = new messages.UpdateResponse();
  response.setProperties(structOf(properties));
  return response;
}

/** The request in plain values. */
export function deleteRequest(request: messages.DeleteRequest): DeleteRequest {
  return {
    id: request.getId(),
    urn: request.getUrn(),
    properties: propertiesOf(request.getProperties()),
    oldInputs: propertiesOf(request.getOldInputs()),
    timeoutSeconds: request.getTimeout(),
  };
}

/** What a function returned as a response of the protocol. */
export function invokeResponse(result: Properties): messages.InvokeResponse {
  const response = new messages.InvokeResponse();
  response.setReturn(structOf(result));
  return response;
}
