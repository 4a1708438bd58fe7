import { HttpError } from "@updraft/contracts/http-error";
import { describe, expect, it } from "vitest";
import { parseFilter, type Filter } from "./filter.ts";
import {
  experimentGrammar,
  loggedModelGrammar,
  modelVersionGrammar,
  runGrammar,
  type Entity,
} from "./grammar.ts";

function compare(entity: Entity, key: string, operator: string, value: string | number): unknown {
  return { kind: "compare", field: { entity, key }, operator, value };
}

function parts(text: string, grammar = runGrammar): readonly Filter[] {
  const filter = parseFilter(text, grammar);
  if (filter.kind !== "and") throw new Error("a filter is a conjunction");
  return filter.of;
}

describe("parseFilter", () => {
  it("lets everything pass when it is empty", () => {
    expect(parseFilter("", runGrammar)).toEqual({ kind: "and", of: [] });
    expect(parseFilter("  \n", runGrammar)).toEqual({ kind: "and", of: [] });
  });

  it("reads comparisons joined by AND", () => {
    expect(parts("metrics.accuracy >= 0.99 and params.seed = '7' AND tags.a != \"b\"")).toEqual([
      compare("metric", "accuracy", ">=", 0.99),
      compare("param", "seed", "=", "7"),
      compare("tag", "a", "!=", "b"),
    ]);
  });

  it("knows every name of an entity, and takes a name on its own for an attribute", () => {
    expect(
      parts(
        "attribute.status = 'a' AND attr.status = 'a' AND run.status = 'a' AND status = 'a' AND attributes.Created > 1",
      ),
    ).toEqual([
      compare("attribute", "status", "=", "a"),
      compare("attribute", "status", "=", "a"),
      compare("attribute", "status", "=", "a"),
      compare("attribute", "status", "=", "a"),
      compare("attribute", "start_time", ">", 1),
    ]);
  });

  it("reads keys with dots as they are, and others in backticks or quotes", () => {
    expect(
      parts("tags.mlflow.source.name = 'a' AND tags.`a b-c` = 'x' AND params.\"d/e\" = 'y'"),
    ).toEqual([
      compare("tag", "mlflow.source.name", "=", "a"),
      compare("tag", "a b-c", "=", "x"),
      compare("param", "d/e", "=", "y"),
    ]);
  });

  it("takes quotes in values as they are", () => {
    expect(parts(`tags.a = 'it''s "so"' AND tags.b = "it's" AND tags.c LIKE '%'`)).toEqual([
      compare("tag", "a", "=", `it's "so"`),
      compare("tag", "b", "=", "it's"),
      compare("tag", "c", "LIKE", "%"),
    ]);
  });

  it("reads numbers with sign, fraction and exponent", () => {
    expect(parts("metrics.a>-1.5e-3 AND metrics.b<.5 AND metrics.c=+2")).toEqual([
      compare("metric", "a", ">", -0.0015),
      compare("metric", "b", "<", 0.5),
      compare("metric", "c", "=", 2),
    ]);
  });

  it("reads lists and what is not there", () => {
    expect(parts("run_id IN ('a', 'b') AND run_id not in ('c') AND tags.x IS NULL")).toEqual([
      {
        kind: "in",
        field: { entity: "attribute", key: "run_id" },
        negated: false,
        values: ["a", "b"],
      },
      { kind: "in", field: { entity: "attribute", key: "run_id" }, negated: true, values: ["c"] },
      { kind: "missing", field: { entity: "tag", key: "x" }, negated: false },
    ]);
    expect(parts("params.p is not null")).toEqual([
      { kind: "missing", field: { entity: "param", key: "p" }, negated: true },
    ]);
  });

  it("reads what clients add to every search of the registry", () => {
    expect(
      parts("name='digits' AND tag.`mlflow.prompt.is_prompt` != 'true'", modelVersionGrammar),
    ).toEqual([
      compare("attribute", "name", "=", "digits"),
      compare("tag", "mlflow.prompt.is_prompt", "!=", "true"),
    ]);
  });

  it("reads what is said about datasets, with lists as well", () => {
    expect(parts("datasets.name LIKE 'm%' AND dataset.context NOT IN ('training')")).toEqual([
      compare("dataset", "name", "LIKE", "m%"),
      {
        kind: "in",
        field: { entity: "dataset", key: "context" },
        negated: true,
        values: ["training"],
      },
    ]);
  });

  it("takes numbers in quotes where MLflow does", () => {
    expect(parts("experiment_id IN ('1', '2')", experimentGrammar)).toEqual([
      {
        kind: "in",
        field: { entity: "attribute", key: "experiment_id" },
        negated: false,
        values: [1, 2],
      },
    ]);
    expect(parts("version_number = '3'", modelVersionGrammar)).toEqual([
      compare("attribute", "version_number", "=", 3),
    ]);
    expect(() => parts("creation_time > '3'", experimentGrammar)).toThrow("Found '3'");
    expect(() => parts("experiment_id = 'x'", experimentGrammar)).toThrow("Found 'x'");
  });

  it("reads MLflow's grammar for logged models: bare texts, lists, short names of statuses", () => {
    expect(
      parts(
        "params.rate = 0.1 AND name = cnn AND tags.a IN ('b') AND status = 'READY' AND creation_time > 5",
        loggedModelGrammar,
      ),
    ).toEqual([
      compare("param", "rate", "=", "0.1"),
      compare("attribute", "name", "=", "cnn"),
      { kind: "in", field: { entity: "tag", key: "a" }, negated: false, values: ["b"] },
      compare("attribute", "status", "=", "LOGGED_MODEL_READY"),
      compare("attribute", "creation_timestamp_ms", ">", 5),
    ]);
    expect(() => parts("datasets.name = 'x'", loggedModelGrammar)).toThrow(
      "Invalid entity type 'datasets'",
    );
  });

  it.each([
    ["metrics.a", "expected a comparison, found the end"],
    ["metrics.a >", "Expected numeric value type for metric 'a'. Found nothing"],
    ["metrics.a > 'x'", "Expected numeric value type for metric 'a'. Found 'x'"],
    [
      "metrics.a LIKE 'x'",
      "Invalid comparator 'LIKE' not one of ['=', '!=', '>', '>=', '<', '<=']",
    ],
    ["metrics.a IS NULL", "IS NULL / IS NOT NULL is only supported for tags and params"],
    ["tags.a > 'x'", "Invalid comparator '>' not one of ['=', '!=', 'LIKE', 'ILIKE']"],
    ["tags.a = 5", "Expected a quoted string value for tag 'a' (e.g. 'my-value'). Got value 5"],
    ["tags.a = b", "Expected a quoted string value for tag 'a' (e.g. 'my-value'). Got value b"],
    ["tags.a = 'x' OR tags.b = 'y'", "expected AND between comparisons, found OR"],
    ["tags.a = 'x' tags.b = 'y'", "expected AND between comparisons, found tags.b"],
    ["tags.a = 'x' AND", "expected a name such as tags.key, found the end"],
    ["tags.a = 'x", "cannot read 'tags.a = 'x' from position 9 on"],
    ["tags. = 'x'", "expected a key after 'tags.', found ="],
    ["status IN ('x')", "Only ['run_id'] attributes support comparison with a list"],
    ["run_id IN 'x'", "expected a list in parentheses, found 'x'"],
    ["run_id IN ('x'", "expected ')' at the end of the list, found the end"],
    ["run_id NOT 'x'", "expected IN after NOT, found 'x'"],
    ["nope = 'x'", "Invalid attribute key 'nope' specified. Valid keys are ['run_id',"],
    ["constructor.a = 'x'", "Invalid entity type 'constructor'"],
    ["__proto__ = 'x'", "Invalid attribute key '__proto__'"],
    ["tags.a = 'x'; drop table runs", "cannot read"],
    [Array(101).fill("tags.a = 'x'").join(" AND "), "has 101 comparisons; at most 100"],
    [`run_id IN (${Array(10_001).fill("'x'").join(",")})`, "have 10001 values; at most 10000"],
    [
      Array(2)
        .fill(`run_id IN (${Array(6000).fill("'x'").join(",")})`)
        .join(" AND "),
      "have 12000 values; at most 10000",
    ],
    ["datasets.schema = 'x'", "Invalid dataset key 'schema' specified. Valid keys are ['name',"],
    ["datasets.name IS NULL", "IS NULL / IS NOT NULL is only supported for tags and params"],
    ["datasets.name > 'x'", "Invalid comparator '>' not one of"],
  ])("refuses %j", (text, message) => {
    const parse = () => parseFilter(text, runGrammar);

    expect(parse).toThrow(message);
    expect(parse).toThrow(HttpError);
  });
});
