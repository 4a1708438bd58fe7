import { invalidParameter } from "../mlflow-error.ts";

/** What a comparison is about: a column, or a key of what is logged beside it. */
export type Entity = "attribute" | "metric" | "param" | "tag" | "dataset";

/** A thing that is compared or sorted by, such as `tags.updraft.gate`. */
export interface Field {
  readonly entity: Entity;
  readonly key: string;
}

/** What can be searched by in one kind of search. */
export interface Grammar {
  /** The attributes and whether they hold texts or numbers. */
  readonly attributes: Readonly<Record<string, "text" | "number">>;
  /** Other names for attributes. */
  readonly attributeAliases?: Readonly<Record<string, string>>;
  /** Attributes that may be compared with a list. */
  readonly lists: readonly string[];
  /** Entities whose every key may be compared with a list. */
  readonly listEntities?: readonly Entity[];
  /** Attributes with numbers that may stand in quotes as well. */
  readonly quotedNumbers?: readonly string[];
  /** Texts may stand without quotes where they are one word or a number. */
  readonly bareTexts?: boolean;
  /** Other spellings of an attribute's values. */
  readonly valueAliases?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Attributes to sort by. */
  readonly orderable: readonly string[];
  readonly entities: readonly Entity[];
}

const entityNames: Readonly<Record<string, Entity>> = {
  attribute: "attribute",
  attributes: "attribute",
  attr: "attribute",
  run: "attribute",
  metric: "metric",
  metrics: "metric",
  param: "param",
  params: "param",
  parameter: "param",
  parameters: "param",
  tag: "tag",
  tags: "tag",
  dataset: "dataset",
  datasets: "dataset",
};

/** What is known of the datasets that went into a run. */
const datasetKeys = ["name", "digest", "context"];

/** Searching runs. */
export const runGrammar: Grammar = {
  attributes: {
    run_id: "text",
    run_name: "text",
    status: "text",
    user_id: "text",
    artifact_uri: "text",
    start_time: "number",
    end_time: "number",
  },
  attributeAliases: {
    created: "start_time",
    Created: "start_time",
    "run name": "run_name",
    "Run name": "run_name",
    "Run Name": "run_name",
  },
  lists: ["run_id"],
  orderable: ["run_id", "run_name", "status", "user_id", "artifact_uri", "start_time", "end_time"],
  entities: ["attribute", "metric", "param", "tag", "dataset"],
  listEntities: ["dataset"],
};

/** Searching experiments. */
export const experimentGrammar: Grammar = {
  attributes: {
    name: "text",
    experiment_id: "number",
    creation_time: "number",
    last_update_time: "number",
  },
  lists: ["experiment_id"],
  quotedNumbers: ["experiment_id"],
  orderable: ["name", "experiment_id", "creation_time", "last_update_time"],
  entities: ["attribute", "tag"],
};

/** Searching registered models. */
export const registeredModelGrammar: Grammar = {
  attributes: { name: "text" },
  attributeAliases: { timestamp: "last_updated_timestamp" },
  lists: ["name"],
  orderable: ["name", "creation_timestamp", "last_updated_timestamp"],
  entities: ["attribute", "tag"],
};

/** Searching model versions. */
export const modelVersionGrammar: Grammar = {
  attributes: { name: "text", version_number: "number", run_id: "text", source_path: "text" },
  lists: ["name", "run_id"],
  quotedNumbers: ["version_number"],
  orderable: ["name", "version_number", "creation_timestamp", "last_updated_timestamp"],
  entities: ["attribute", "tag"],
};

/** Searching logged models. */
export const loggedModelGrammar: Grammar = {
  attributes: {
    model_id: "text",
    experiment_id: "number",
    name: "text",
    artifact_location: "text",
    status: "text",
    model_type: "text",
    source_run_id: "text",
    creation_timestamp_ms: "number",
    last_updated_timestamp_ms: "number",
  },
  attributeAliases: {
    creation_time: "creation_timestamp_ms",
    creation_timestamp: "creation_timestamp_ms",
    last_updated_timestamp: "last_updated_timestamp_ms",
  },
  lists: ["model_id", "name", "artifact_location", "status", "model_type", "source_run_id"],
  listEntities: ["param", "tag"],
  quotedNumbers: ["experiment_id"],
  bareTexts: true,
  valueAliases: {
    status: {
      PENDING: "LOGGED_MODEL_PENDING",
      READY: "LOGGED_MODEL_READY",
      FAILED: "LOGGED_MODEL_UPLOAD_FAILED",
    },
  },
  orderable: [
    "model_id",
    "experiment_id",
    "name",
    "artifact_location",
    "status",
    "model_type",
    "source_run_id",
    "creation_timestamp_ms",
    "last_updated_timestamp_ms",
  ],
  entities: ["attribute", "metric", "param", "tag"],
};

/**
 * The field that a name stands for.
 * @param parts `["tags", "a.b"]` for `tags.a.b`, `["status"]` for an attribute on its own
 * @throws {HttpError} 400
 */
export function fieldNamed(
  [first, key]: readonly [string, string?],
  grammar: Grammar,
  keys: readonly string[],
): Field {
  if (key === undefined) return attribute(first, grammar, keys);
  const entity = Object.hasOwn(entityNames, first) ? entityNames[first] : undefined;
  if (!entity || !grammar.entities.includes(entity)) {
    throw invalidParameter(
      `Invalid entity type '${first}'. Valid values are ${list(grammar.entities)}`,
    );
  }
  if (entity === "dataset" && !datasetKeys.includes(key)) {
    throw invalidParameter(
      `Invalid dataset key '${key}' specified. Valid keys are ${list(datasetKeys)}`,
    );
  }
  return entity === "attribute" ? attribute(key, grammar, keys) : { entity, key };
}

function attribute(key: string, grammar: Grammar, keys: readonly string[]): Field {
  const aliases = grammar.attributeAliases ?? {};
  const known = Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key;
  if (keys.includes(known)) return { entity: "attribute", key: known };
  throw invalidParameter(`Invalid attribute key '${key}' specified. Valid keys are ${list(keys)}`);
}

function list(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(", ")}]`;
}
