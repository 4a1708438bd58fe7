import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A request as it is sent, whatever it is. */
export interface OddRequest {
  readonly method: string;
  /** Printable, as an HTTP client sends it. */
  readonly path: string;
  readonly body: Buffer | undefined;
}

const routesFolder = join(import.meta.dirname, "../../tracker/routes");
const mlflow = "/api/2.0/mlflow";
const bases = [mlflow, mlflow, mlflow, mlflow, mlflow, "/ajax-api/2.0/mlflow", "/api/2.0/updraft"];
const artifactBases = [
  "/api/2.0/mlflow-artifacts/artifacts",
  "/ajax-api/2.0/mlflow-artifacts/artifacts",
  "/api/2.0/mlflow-artifacts/mpu/create",
  "/api/2.0/mlflow-artifacts/mpu/complete",
  "/api/2.0/mlflow-artifacts/mpu/abort",
  "/api/2.0/mlflow-artifacts/presigned",
];
const methods = ["POST", "POST", "POST", "POST", "GET", "GET", "PATCH", "DELETE", "PUT", "HEAD"];

/** An operation as the tracker's routes name it. */
interface Operation {
  readonly methods: readonly string[];
  readonly path: string;
}

/** Every operation of the tracker's routes, as their sources have it. */
export const operations: readonly Operation[] = readdirSync(routesFolder)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => readFileSync(join(routesFolder, file), "utf8"))
  .flatMap((source) => [...source.matchAll(/endpoint\(\s*(\[[^\]]*\]|"\w+"),\s*"([^"]+)"/g)])
  .map(([, given = "", path = ""]) => ({
    methods: [...given.matchAll(/\w+/g)].map(([method]) => method.toUpperCase()),
    path,
  }));

/** Names of fields that the operations know. */
const fieldNames = `name version alias source new_name experiment_id experiment_ids experiment_name
  run_id run_uuid key value timestamp step metric_key run_ids tags metrics params datasets models
  status start_time end_time run_name user_id filter filter_string order_by max_results page_token
  view_type run_view_type description stages stage archive_existing_versions artifact_location
  run_link model_id source_run_id model_type older_than keep dry_run path limit`.split(/\s+/);

const filterWords = `metrics.accuracy params.p tags.t attributes.status run_id name version_number
  start_time = != > < >= <= LIKE ILIKE IN NOT AND OR ( ) , 'a' "b" \` 1 -1 1e308 1e400 NaN 'O''Brien'
  ('a','b') \`odd key\` % _ ; -- /* */ \\ DESC ASC datasets.name`.split(/\s+/);

const pathParts =
  `.. . %2e%2e %2E. ..%2f %252e%252e%252f %2f %5c.. \\.. %00 a b.txt 0 artifacts secret.txt
  .incoming tracker.db ~ %20 %F0%9F%98%80 C: file: %c0%ae%c0%ae ;x ?x=1 # & + *`.split(/\s+/);

const texts = [
  ..."0 1 m k FINISHED ACTIVE_ONLY models:/m/1 models:/m-0 2147483648 9223372036854775808 ../../etc".split(
    " ",
  ),
  "",
  "\0",
  "a\0b",
  "\ud800",
  "😀".repeat(300),
  "x".repeat(10_000),
  "'; drop table runs; --",
];

/** Random numbers from 0 to 1, the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fields that operations accept. */
export type SoundFields = Readonly<Record<string, unknown>>;

/**
 * An odd request, the same for the same number.
 * @param sound without some of them an operation looks no further
 */
export function oddRequest(number: number, sound: SoundFields): OddRequest {
  const random = createRandom(number);
  const kinds = [oddOperation, oddOperation, oddOperation, oddQuery, oddArtifact];
  return pick(kinds, random)(random, sound);
}

function oddOperation(random: () => number, sound: SoundFields): OddRequest {
  const fields = JSON.stringify({ ...sound, ...oddFields(random) });
  const body = random() < 0.3 ? damaged(Buffer.from(fields), random) : Buffer.from(fields);
  const operation = operationToCall(random);
  const method = pick(random() < 0.9 ? operation.methods : methods, random);
  return { method, path: addressOf(operation, random), body };
}

function oddQuery(random: () => number, sound: SoundFields): OddRequest {
  const query = Object.entries({ ...sound, ...oddFields(random) }).map(
    ([name, value]) =>
      `${name}=${printable(typeof value === "string" ? value : JSON.stringify(value))}`,
  );
  return {
    method: "GET",
    path: `${addressOf(operationToCall(random), random)}?${query.join("&")}`,
    body: undefined,
  };
}

function oddArtifact(random: () => number): OddRequest {
  const parts = Array.from({ length: 1 + random() * 5 }, () => pick(pathParts, random));
  const path = parts.join(pick(["/", "/", "/", "", "//", "\\"], random));
  const base = pick(artifactBases, random);
  const asQuery = random() < 0.3;
  return {
    method: pick(methods, random),
    path: asQuery ? `${base}?path=${path.replaceAll("#", "%23")}` : `${base}/${path}`,
    body: random() < 0.5 ? undefined : damaged(Buffer.alloc(random() * 2000), random),
  };
}

/** Seldom one that takes away what the others are about. */
function operationToCall(random: () => number): Operation {
  const operation = pick(operations, random);
  const destroys = /delete|rename|gc/.test(operation.path) || operation.methods.includes("DELETE");
  return destroys && random() < 0.9 ? operationToCall(random) : operation;
}

function addressOf({ path }: Operation, random: () => number): string {
  const odd = () => `/${printable(pick(texts, random)).slice(0, 200)}`;
  return pick(bases, random) + path.replaceAll(/\/[{:][^/]*/g, odd);
}

function oddFields(random: () => number): Record<string, unknown> {
  const names = Array.from({ length: 1 + random() * 4 }, () => pick(fieldNames, random));
  return Object.fromEntries(
    names.map((name) => [
      name,
      name.startsWith("filter") ? oddFilter(random) : oddValue(random, 0),
    ]),
  );
}

function oddFilter(random: () => number): string {
  const words = Array.from({ length: 1 + random() * 8 }, () => pick(filterWords, random));
  return words.join(pick([" ", " ", ""], random));
}

function oddValue(random: () => number, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 3 ? 6 : 9));
  if (kind < 3) return pick(texts, random);
  if (kind === 3) return pick([0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 63), 10 ** 30], random);
  if (kind === 4) return pick([null, true, false], random);
  if (kind === 5) return oddFilter(random);
  const values = Array.from({ length: random() * 4 }, () => oddValue(random, depth + 1));
  if (kind === 6) return values;
  if (kind === 7)
    return [{ key: oddValue(random, 4), value: oddValue(random, 4), timestamp: 1, step: 0 }];
  return Object.fromEntries(values.map((value) => [pick(fieldNames, random), value]));
}

/** With some bytes changed, taken away or put in. */
export function damaged(bytes: Buffer, random: () => number): Buffer {
  const changes = Array.from({ length: 1 + random() * 5 }, () =>
    Math.floor(random() * bytes.length),
  );
  return changes.reduce((current, at) => {
    const odd = Buffer.of(Math.floor(random() * 256));
    const kept = random() < 0.5 ? at : at + 1;
    return Buffer.concat([current.subarray(0, at), odd, current.subarray(kept)]);
  }, bytes);
}

/** As an HTTP client would send it: what may not be in a path is encoded. */
function printable(text: string): string {
  return Buffer.from(text)
    .toString("latin1")
    .replaceAll(/[^!-~]|[#?&]/g, (letter) => {
      return `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}`;
    });
}

export function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
