import type { ComparedRequest } from "../requests/request.ts";

/** What a server answers, with ids and times replaced, so that two servers can be compared. */
export interface ComparedAnswer {
  readonly status: number;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** The body of a success, without what is empty. */
  readonly body?: unknown;
}

type Kept = Map<string, string>;

/** Makes requests of one server, and keeps what later ones need. */
export class Asker {
  readonly #url: string;
  readonly #kept: Kept = new Map();

  constructor(url: string) {
    this.#url = url;
  }

  async ask({ method, path, fields, keep }: ComparedRequest): Promise<ComparedAnswer> {
    const kept = this.#kept;
    const filled = JSON.parse(fill(JSON.stringify(fields), kept)) as Record<string, unknown>;
    const address = `${this.#url}/api/2.0/mlflow${fill(path, kept)}`;
    const response =
      method === "GET"
        ? await fetch(`${address}?${queryOf(filled)}`)
        : await fetch(address, {
            method,
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(filled),
          });
    const body = parsed(await response.text());
    for (const [name, where] of Object.entries(keep)) kept.set(name, textAt(body, where));
    const { status } = response;
    if (status === 200) return { status, body: comparable(body, kept) };
    const { error_code, message } = (body ?? {}) as { error_code?: string; message?: string };
    return { status, code: error_code, message };
  }
}

/** @param where such as `run.info.run_id` */
function textAt(body: unknown, where: string): string {
  const value = where.split(".").reduce<unknown>((part, key) => {
    const object = typeof part === "object" && part !== null ? part : {};
    return (object as Record<string, unknown>)[key];
  }, body);
  if (typeof value === "string") return value;
  throw new Error(`the answer has no ${where}: ${JSON.stringify(body)}`);
}

function queryOf(fields: Record<string, unknown>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((item): [string, string] => [
        name,
        String(item),
      ]),
    ),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fill(text: string, kept: Kept): string {
  return text.replaceAll(/<(\w+)>/g, (whole, name: string) => kept.get(name) ?? whole);
}

function unfill(text: string, kept: Kept): string {
  let named = text;
  for (const [name, value] of kept) {
    if (value.length > 10) named = named.replaceAll(value, `<${name}>`);
  }
  return named.replaceAll(/\b(m-)?[0-9a-f]{32}\b/g, "<id>");
}

const madeUp = new Set([
  "creation_time",
  "creation_timestamp",
  "creation_timestamp_ms",
  "last_update_time",
  "last_updated_timestamp",
  "last_updated_timestamp_ms",
  "next_page_token",
]);

/**
 * What only one of the servers says: MLflow its workspace, this tracker which model a version is
 * and, wherever it lists versions, their aliases.
 */
function isOneSided(name: string, object: object): boolean {
  return name === "workspace" || ("source" in object && ["model_id", "aliases"].includes(name));
}

const unordered = new Set(["tags", "params", "metrics", "latest_versions"]);

/** Without what is empty, which protobuf's JSON leaves out, and with lists in one order. */
function comparable(value: unknown, kept: Kept, name = ""): unknown {
  if (madeUp.has(name)) return value === undefined ? undefined : "<made up>";
  if (value === Number.MAX_VALUE) return "Infinity";
  // A list as JSON, in which MLflow has numbers of versions as texts and as numbers.
  if (typeof value === "string" && value.startsWith('[{"name": "')) {
    return value.replaceAll(/([:,]) /g, "$1").replaceAll(/"version":(\d+)/g, '"version":"$1"');
  }
  if (typeof value === "string") return unfill(value, kept);
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, kept));
    return unordered.has(name)
      ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !isOneSided(key, value) && !isEmpty(item))
      .map(([key, item]): [string, unknown] => [key, comparable(item, kept, key)])
      .filter(([, item]) => !isEmpty(item))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}
