import { z } from "zod";
import { exampleOf, json, named, type Operation } from "./operation.ts";

const tag = "V2: Open Inference Protocol";

/** How a path names a model. */
const models = ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"];

const parameters = z.record(z.string(), z.unknown()).optional();

const tensorHead = { name: z.string(), shape: z.array(z.int()), datatype: z.string() };
const tensor = { ...tensorHead, parameters, data: z.array(z.unknown()).optional() };

const request = named(
  "InferRequest",
  z.looseObject({
    id: z.string().optional().meta({ description: "The answer repeats it." }),
    parameters,
    inputs: z.array(z.looseObject(tensor)).meta({
      description: "One tensor; its data nested, flat, or behind the JSON (binary_data_size).",
    }),
    outputs: z.array(z.looseObject({ name: z.string(), parameters })).optional(),
  }),
);

const answer = named(
  "InferAnswer",
  z.strictObject({
    model_name: z.string(),
    model_version: z.string(),
    id: z.string().optional(),
    outputs: z.array(z.strictObject(tensor)),
  }),
);

const metadata = named(
  "V2Metadata",
  z.strictObject({
    name: z.string(),
    versions: z.array(z.string()),
    platform: z.string(),
    inputs: z.array(z.looseObject(tensorHead)),
    outputs: z.array(z.looseObject(tensorHead)),
  }),
);

const ready = named("V2ModelReady", z.strictObject({ name: z.string(), ready: z.literal(true) }));

const repository: readonly Operation[] = [
  {
    method: "post",
    path: "/v2/repository/index",
    tag,
    summary: "Lists the models with their versions and states.",
    body: json(named("IndexRequest", z.looseObject({ ready: z.boolean().optional() }))),
    example: () => ({ ready: true }),
    answer: json(
      named(
        "RepositoryIndex",
        z.array(
          z.looseObject({
            name: z.string(),
            version: z.string().optional(),
            state: z.string(),
            reason: z.string(),
          }),
        ),
      ),
    ),
    errors: [400, 401],
    needsToken: true,
  },
  ...["load", "unload"].map((verb): Operation => ({
    method: "post",
    path: `/v2/repository/models/{model}/${verb}`,
    tag,
    summary:
      verb === "load"
        ? "Serves what the registry says now, also after it was unloaded."
        : "Serves nothing under this name until it is loaded.",
    description:
      "For models that follow an alias or a stage of the registry; others are in the server's settings (501). Needs the server's ADMIN_TOKEN as Authorization: Bearer.",
    answer: json(named(verb === "load" ? "Loaded" : "Unloaded", z.strictObject({}))),
    errors: [401, 403, 404, 409, 501],
  })),
];

/** The Open Inference Protocol, with binary tensors. */
export const v2Operations: readonly Operation[] = [
  {
    method: "get",
    path: "/v2",
    tag,
    summary: "Says what the server is and which extensions it has.",
    answer: json(
      named(
        "V2Server",
        z.strictObject({
          name: z.string(),
          version: z.string(),
          extensions: z.array(z.string()),
        }),
      ),
    ),
  },
  {
    method: "get",
    path: "/v2/health/live",
    tag,
    summary: "Says that the server lives.",
    answer: json(named("V2Live", z.strictObject({ live: z.literal(true) }))),
  },
  {
    method: "get",
    path: "/v2/health/ready",
    tag,
    summary: "Says whether requests should be sent here.",
    answer: json(
      named("V2Ready", z.strictObject({ ready: z.literal(true), live: z.literal(true) })),
    ),
    errors: [503],
  },
  {
    method: "get",
    path: "/v2/models",
    tag,
    summary: "Lists the models of this server.",
    answer: json(named("V2Models", z.strictObject({ models: z.array(z.string()) }))),
  },
  ...models.flatMap((path): Operation[] => [
    {
      method: "post",
      path: `${path}/infer`,
      tag,
      summary: "Answers a batch of instances as a tensor.",
      headers: {
        "inference-header-content-length":
          "Length of the JSON in bytes, where tensors follow behind it.",
      },
      body: { ...json(request), "application/octet-stream": undefined },
      example: (model) => ({
        inputs: [
          {
            name: model.input.name,
            shape: [1, ...model.input.shape.slice(1)],
            datatype: model.input.datatype,
            data: exampleOf(model),
          },
        ],
      }),
      answer: { ...json(answer), "application/octet-stream": undefined },
      errors: [400, 401, 404, 413, 503],
      needsToken: true,
    },
    {
      method: "get",
      path,
      tag,
      summary: "Says what a model takes and gives.",
      answer: json(metadata),
      errors: [404, 503],
    },
    {
      method: "get",
      path: `${path}/ready`,
      tag,
      summary: "Says whether a model is ready.",
      answer: json(ready),
      errors: [404, 503],
    },
  ]),
  ...repository,
];
