import { z } from "zod";
import { modelStages } from "../store/registry.ts";

/** What MLflow's clients and servers hold each other to. */
export const limits = {
  keyLength: 250,
  paramValueLength: 6000,
  runTagValueLength: 8000,
  experimentNameLength: 500,
  experimentTagValueLength: 20_000,
  registryTagValueLength: 100_000,
  aliasLength: 255,
  metricsPerBatch: 1000,
  paramsPerBatch: 100,
  tagsPerBatch: 100,
  entitiesPerBatch: 1000,
  batchBytes: 1_000_000,
  addressLength: 2048,
  datasetsPerRequest: 1000,
  runsPerHistoryRequest: 100,
  historyValuesPerRequest: 25_000,
  historyValuesPerRun: 2500,
  experimentsPerDatasetSearch: 20,
  datasetSummaries: 1000,
  modelsPerRequest: 1000,
  loggedModelNameLength: 500,
  loggedModelTypeLength: 500,
  loggedModelKeyLength: 255,
  keysPerLoggedModel: 10_000,
  datasetNameLength: 500,
  datasetDigestLength: 36,
  datasetSourceLength: 65_535,
  datasetSchemaLength: 1_048_575,
  datasetProfileLength: 16_777_215,
  inputTagKeyLength: 255,
  inputTagValueLength: 500,
} as const;

/** A text; databases cannot hold NUL in one. */
export const Text = z.string().refine((value) => !value.includes("\0"), {
  error: "Texts cannot contain NUL (0x00) characters",
});

/** A text that has to be there; for protobuf an empty one is not. */
export const RequiredText = Text.min(1);

/** An int64, which comes as a number or, as protobuf's JSON has it, as a text. */
export const Int64 = z.preprocess(
  (value) => (typeof value === "string" && /^-?\d{1,19}$/.test(value) ? Number(value) : value),
  z.int(),
);

/** A double; protobuf's JSON has NaN and the infinities as texts. */
export const Double = z.preprocess(
  (value) => {
    if (typeof value !== "string") return value;
    if (value === "NaN") return Number.NaN;
    if (value === "Infinity" || value === "-Infinity") return Number(value);
    return /^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
  },
  z.union([z.number(), z.nan(), z.literal([Infinity, -Infinity])], {
    error: "Please specify value as a valid double (64-bit floating point)",
  }),
);

/** A list, of which a query has one value without saying that it is a list. */
export function listOf<Item extends z.ZodType>(item: Item, maxLength = 1000) {
  return z
    .preprocess(
      (value) => (typeof value === "string" ? [value] : value),
      z.array(item).max(maxLength),
    )
    .default([]);
}

/** How many rows a page may have. */
export function maxResults(limit: number, byDefault: number) {
  return Int64.pipe(z.int().min(1).max(limit)).default(byDefault);
}

export const PageToken = Text.optional();

/** The id of an experiment: a number as text. */
export const ExperimentId = z
  .preprocess((value) => (typeof value === "number" ? String(value) : value), RequiredText)
  .refine((id) => /^\d{1,15}$/.test(id), {
    error: (issue) =>
      `Invalid experiment ID '${String(issue.input)}'. Experiment ID must be a valid integer.`,
  });

export const RunId = RequiredText.refine((id) => /^[a-zA-Z0-9][\p{L}\p{N}_-]{0,255}$/u.test(id), {
  error: (issue) => `Invalid value ${JSON.stringify(issue.input)} for parameter 'run_id' supplied.`,
});

/** A run's id under the name it has now or the one it had before; clients send both. */
export function withRunId<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(
    (fields) => {
      const { run_uuid, ...others } = fields as Record<string, unknown>;
      return { ...others, run_id: others.run_id || run_uuid };
    },
    z.object({ run_id: RunId, ...shape }),
  );
}

/** The name of a metric, param or tag. */
export const Key = RequiredText.superRefine((key, context) => {
  const reason = whyNotKey(key);
  if (reason) {
    context.addIssue({
      code: "custom",
      message: `Invalid value ${JSON.stringify(key)} for parameter 'key' supplied: ${reason}`,
    });
  } else if (lengthOf(key) > limits.keyLength) {
    context.addIssue({ code: "custom", message: tooLong("key", limits.keyLength) });
  }
});

/** A text of limited length. */
export function textUpTo(limit: number, name: string) {
  return Text.refine((value) => lengthOf(value) <= limit, {
    error: tooLong(name, limit),
    abort: true,
  });
}

/** A text that MLflow cuts off where it becomes too long. */
export function textCutAt(limit: number) {
  return Text.transform((value) =>
    value.length <= limit ? value : Array.from(value).slice(0, limit).join(""),
  );
}

/** The value of a param or tag may be left out: it is empty then. */
export const ParamValue = textCutAt(limits.paramValueLength).default("");
export const RunTagValue = textCutAt(limits.runTagValueLength).default("");
export const ExperimentTagValue = textUpTo(limits.experimentTagValueLength, "value").default("");
export const RegistryTagValue = textUpTo(limits.registryTagValueLength, "value").default("");

/** A list of tags whose values have a limit. */
export function tagsWith<Value extends z.ZodType>(value: Value) {
  return z.array(z.object({ key: Key, value })).default([]);
}

/** The id of a logged model. */
export const ModelId = textUpTo(255, "model_id").min(1);

export const ModelName = Text.superRefine((name, context) => {
  const reason = whyNotModelName(name);
  if (reason) context.addIssue({ code: "custom", message: reason });
});

/** Why something is promoted, in the caller's words; MLflow's clients do not send it. */
export const Reason = textUpTo(1000, "reason").optional();

/** The number of a model version. */
export const VersionNumber = z
  .preprocess((value) => (typeof value === "number" ? String(value) : value), RequiredText)
  .refine((version) => /^\d{1,15}$/.test(version), {
    error: (issue) => `Parameter 'version' must be an integer, got '${String(issue.input)}'.`,
  })
  .transform(Number);

/** One of MLflow's stages, in whatever case. */
export const Stage = RequiredText.transform((stage, context) => {
  const known = modelStages.find((one) => one.toLowerCase() === stage.toLowerCase());
  if (known) return known;
  context.addIssue({
    code: "custom",
    message: `Invalid Model Version stage: ${stage}. Value must be one of ${modelStages.join(", ")}.`,
  });
  return z.NEVER;
});

export const AliasName = RequiredText.superRefine((alias, context) => {
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) {
    context.addIssue({
      code: "custom",
      message: `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    });
  } else if (lengthOf(alias) > limits.aliasLength) {
    context.addIssue({
      code: "custom",
      message: tooLong("Registered model alias name", limits.aliasLength),
    });
  }
});

/** An alias that may be set: not one that means something else already. */
export const NewAliasName = AliasName.superRefine((alias, context) => {
  if (alias.toLowerCase() === "latest") {
    context.addIssue({
      code: "custom",
      message: "'latest' alias name (case insensitive) is reserved.",
    });
  } else if (/^v\d+$/i.test(alias)) {
    context.addIssue({ code: "custom", message: `Version alias name '${alias}' is reserved.` });
  }
});

function whyNotKey(key: string): string | undefined {
  if (!/^[/\p{L}\p{N}_.\- :]*$/u.test(key)) {
    return "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).";
  }
  return isPathOfItsOwn(key)
    ? undefined
    : "Names may be treated as files in certain cases, and must not resolve to other names when treated as such.";
}

function whyNotModelName(name: string): string | undefined {
  if (name.trim() === "") return "Missing value for required parameter 'name'.";
  if (/[/:]/.test(name)) {
    return `Invalid model name '${name}'. Names cannot contain '/' or ':'.`;
  }
  if (lengthOf(name) > 256) return tooLong("name", 256);
  return isPathOfItsOwn(name) ? undefined : `Invalid model name '${name}'.`;
}

/** Not `.`, `..`, absolute, or another name when its path is resolved. */
function isPathOfItsOwn(name: string): boolean {
  return name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function tooLong(name: string, limit: number): string {
  return `'${name}' exceeds the maximum length of ${limit} characters`;
}

/** In characters as MLflow counts them, not in UTF-16 units. */
function lengthOf(text: string): number {
  return text.length <= 200 ? text.length : Array.from(text).length;
}
