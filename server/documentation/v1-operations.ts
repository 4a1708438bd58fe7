import { z } from "zod";
import { exampleOf, json, named, type Operation } from "./operation.ts";

const tag = "V1: TensorFlow Serving and KServe";

/** How a path names a model. */
const models = [
  "/v1/models/{model}",
  "/v1/models/{model}/versions/{version}",
  "/v1/models/{model}/labels/{label}",
];

const request = named(
  "V1Request",
  z.looseObject({
    instances: z.array(z.unknown()).min(1).optional().meta({
      description:
        "Row form: a list of instances, each nested as the input's shape, flat, or by names.",
    }),
    inputs: z.unknown().optional().meta({
      description:
        "Column form, instead of instances: all values of the input, or a column by name.",
    }),
    signature_name: z.literal("serving_default").optional(),
  }),
);

const answer = named(
  "V1Answer",
  z.union([
    z.strictObject({ predictions: z.array(z.array(z.number())) }),
    z.strictObject({ outputs: z.array(z.array(z.number())) }),
  ]),
);

const status = named(
  "V1Status",
  z.strictObject({
    name: z.string(),
    ready: z.literal(true),
    model_version_status: z.array(
      z.strictObject({
        version: z.string(),
        state: z.literal("AVAILABLE"),
        status: z.strictObject({ error_code: z.string(), error_message: z.string() }),
      }),
    ),
  }),
);

const metadata = named(
  "V1Metadata",
  z.looseObject({
    model_spec: z.looseObject({ name: z.string(), version: z.string() }),
    metadata: z.looseObject({}),
  }),
);

/** TensorFlow Serving's and KServe's first protocol. */
export const v1Operations: readonly Operation[] = [
  {
    method: "get",
    path: "/v1/models",
    tag,
    summary: "Lists the models of this server.",
    answer: json(named("V1Models", z.strictObject({ models: z.array(z.string()) }))),
  },
  ...models.flatMap((path): Operation[] => [
    {
      method: "post",
      path: `${path}:predict`,
      tag,
      summary: "Answers instances, in the order in which they come.",
      body: json(request),
      example: (model) => ({ instances: [exampleOf(model)] }),
      answer: json(answer),
      errors: [400, 401, 404, 413, 503],
      needsToken: true,
    },
    {
      method: "get",
      path,
      tag,
      summary: "Says whether a model is ready, and which version serves.",
      answer: json(status),
      errors: [404, 503],
    },
    {
      method: "get",
      path: `${path}/metadata`,
      tag,
      summary: "Says what a model takes and gives, as TensorFlow Serving does.",
      answer: json(metadata),
      errors: [404, 503],
    },
  ]),
  ...["explain", "classify", "regress"].map((verb): Operation => ({
    method: "post",
    path: `/v1/models/{model}:${verb}`,
    tag,
    summary: "Is not implemented; the server predicts.",
    errors: [401, 404, 501],
    needsToken: true,
  })),
];
