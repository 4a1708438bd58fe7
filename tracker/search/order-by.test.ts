import { describe, expect, it } from "vitest";
import { experimentGrammar, runGrammar, type Entity } from "./grammar.ts";
import { parseOrderBy } from "./order-by.ts";

function order(entity: Entity, key: string, descending: boolean) {
  return { field: { entity, key }, descending };
}

describe("parseOrderBy", () => {
  it("reads fields with and without a direction", () => {
    expect(
      parseOrderBy(
        [
          "metrics.accuracy DESC",
          "attributes.start_time",
          "tags.`a b` asc",
          'params."x desc" desc',
        ],
        runGrammar,
      ),
    ).toEqual([
      order("metric", "accuracy", true),
      order("attribute", "start_time", false),
      order("tag", "a b", false),
      order("param", "x desc", true),
    ]);
  });

  it("takes a name on its own for an attribute", () => {
    expect(parseOrderBy(["creation_time DESC", "name"], experimentGrammar)).toEqual([
      order("attribute", "creation_time", true),
      order("attribute", "name", false),
    ]);
  });

  it("refuses what it does not know, and the same twice", () => {
    expect(() => parseOrderBy(["attributes.nope"], runGrammar)).toThrow(
      "Invalid attribute key 'nope' specified",
    );
    expect(() => parseOrderBy(["metrics.a", "metric.a DESC"], runGrammar)).toThrow(
      "`order_by` contains duplicate fields: metrics.a, metric.a DESC",
    );
    const many = Array.from({ length: 21 }, (_, index) => `metrics.m${index}`);
    expect(() => parseOrderBy(many, runGrammar)).toThrow("has 21 clauses; at most 20 are possible");
    expect(() => parseOrderBy([""], runGrammar)).toThrow("Invalid order_by clause ''");
    for (const clause of ["metrics.a b", "metrics.a DESCENDING", "metrics.a ASC DESC"]) {
      expect(() => parseOrderBy([clause], runGrammar)).toThrow(
        `Invalid order_by clause '${clause}'`,
      );
    }
    expect(() => parseOrderBy(["metrics.`a` sideways"], runGrammar)).toThrow(
      "Invalid order_by clause 'metrics.`a` sideways'",
    );
  });
});
