/** A request that is made of several servers alike. */
export interface ComparedRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below `/api/2.0/mlflow`; `<run>` stands for what was kept as `run`. */
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What to keep of the answer, as a path such as `run.info.run_id`, under which name. */
  readonly keep: Readonly<Record<string, string>>;
}

function request(method: ComparedRequest["method"]) {
  return (
    path: string,
    fields: ComparedRequest["fields"] = {},
    keep: ComparedRequest["keep"] = {},
  ): ComparedRequest => ({ method, path, fields, keep });
}

export const get = request("GET");
export const post = request("POST");
export const patch = request("PATCH");
/** `DELETE`, with its fields in the body. */
export const remove = request("DELETE");

/** The id of a run that there is none of. */
export const none = "0".repeat(32);

/** A text of so many characters. */
export function long(length: number): string {
  return "x".repeat(length);
}

/** The same search with each of some filters. */
export function searchesOf(
  path: string,
  filters: readonly string[],
  fields: object = {},
): ComparedRequest[] {
  return filters.map((filter) => post(path, { ...fields, filter, max_results: 100 }));
}

/** So many things with keys of their own. */
export function many(count: number, fields: object): object[] {
  return Array.from({ length: count }, (_, index) => ({ key: `k${index}`, ...fields }));
}

/** A dataset that goes into a run. */
export function dataset(name: string, digest: string, context?: string): object {
  const tags = context === undefined ? [] : [{ key: "mlflow.data.context", value: context }];
  return { tags, dataset: { name, digest, source_type: "local", source: "{}" } };
}
