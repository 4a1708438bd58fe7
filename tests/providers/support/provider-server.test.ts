import { credentials, type Metadata, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Engine } from "./engine.ts";
import { type PluginProvider, ResourceInitFailed } from "./plugin-provider.ts";
import { structOf } from "./provider-messages.ts";
import { listen } from "./provider-server.ts";
import { secretOf } from "./wire-values.ts";

const urn = "urn:pulumi:s::p::example:index:Thing::thing";
const silent: Engine = { log: () => undefined, status: () => undefined };

async function connect(overrides: Partial<PluginProvider>) {
  const provider: PluginProvider = {
    version: "1.2.3",
    check: async ({ news }) => ({ inputs: news }),
    diff: async () => ({ changes: "none" }),
    create: async ({ properties }) => ({ id: "thing", properties }),
    read: async ({ id }) => ({ id }),
    update: async ({ news }) => news,
    delete: async () => undefined,
    ...overrides,
  };
  const port = await listen(provider, silent);
  const client = new services.ResourceProviderClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
  );
  onTestFinished(() => client.close());
  return client;
}

function reply<Response>(
  call: (callback: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}

describe("a served provider", () => {
  it("gets requests in plain values, with secrets wrapped", async () => {
    const seen: unknown[] = [];
    const client = await connect({
      create: async (request) => {
        seen.push(request);
        return { id: "thing-1", properties: { ...request.properties, size: 2, gone: null } };
      },
    });
    const request = new messages.CreateRequest();
    request.setUrn(urn);
    request.setProperties(structOf({ password: secretOf("swordfish") }));
    request.setTimeout(90);
    request.setPreview(true);
    const response = await reply<messages.CreateResponse>((done) => client.create(request, done));
    expect(seen).toEqual([
      {
        urn,
        properties: { password: secretOf("swordfish") },
        timeoutSeconds: 90,
        preview: true,
      },
    ]);
    expect(response.getId()).toBe("thing-1");
    expect(response.getProperties()?.toJavaScript()).toEqual({
      password: secretOf("swordfish"),
      size: 2,
    });
  });

  it("says what a diff replaces, and how each property changes", async () => {
    const client = await connect({
      diff: async () => ({
        changes: "some",
        replaces: ["spec.template"],
        deleteBeforeReplace: true,
        detailedDiff: { "spec.template": { kind: "update-replace", inputDiff: true } },
      }),
    });
    const response = await reply<messages.DiffResponse>((done) =>
      client.diff(new messages.DiffRequest(), done),
    );
    expect(response.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_SOME);
    expect(response.getReplacesList()).toEqual(["spec.template"]);
    expect(response.getDeletebeforereplace()).toBe(true);
    expect(response.getDetaileddiffMap().get("spec.template")?.toObject()).toEqual({
      kind: messages.PropertyDiff.Kind.UPDATE_REPLACE,
      inputdiff: true,
    });
  });

  it("hands the state of a half-made resource over with the error", async () => {
    const client = await connect({
      create: () => {
        throw new ResourceInitFailed({
          id: "ns/thing",
          message: "thing is not ready",
          properties: { phase: "Pending" },
          reasons: ["thing is not ready", "no node has room"],
        });
      },
    });
    const error: unknown = await reply((done) =>
      client.create(new messages.CreateRequest(), done),
    ).catch((reason: unknown) => reason);
    const { details, metadata } = error as { details: string; metadata: Metadata };
    expect(details).toBe("thing is not ready");
    const [bytes] = metadata.get("grpc-status-details-bin");
    const [packed] = statuses.Status.deserializeBinary(bytes as Buffer).getDetailsList();
    expect(packed!.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
    const detail = messages.ErrorResourceInitFailed.deserializeBinary(packed!.getValue_asU8());
    expect(detail.getId()).toBe("ns/thing");
    expect(detail.getReasonsList()).toEqual(["thing is not ready", "no node has room"]);
    expect(detail.getProperties()?.toJavaScript()).toEqual({ phase: "Pending" });
  });

  it("passes the configuration on and says what it accepts", async () => {
    const seen: unknown[] = [];
    const client = await connect({
      configure: async (variables) => {
        seen.push(variables);
      },
    });
    const request = new messages.ConfigureRequest();
    request.getVariablesMap().set("example:config:region", "north");
    const response = await reply<messages.ConfigureResponse>((done) =>
      client.configure(request, done),
    );
    expect(seen).toEqual([{ "example:config:region": "north" }]);
    expect(response.toObject()).toMatchObject({
      acceptsecrets: true,
      supportspreview: true,
      acceptoutputs: false,
      supportsAutonamingConfiguration: true,
    });
  });

  it("tells an error's message as it is", async () => {
    const client = await connect({
      delete: async () => {
        throw new Error("the thing is protected");
      },
    });
    await expect(
      reply((done) => client.delete(new messages.DeleteRequest(), done)),
    ).rejects.toMatchObject({ details: "the thing is protected" });
  });
});
