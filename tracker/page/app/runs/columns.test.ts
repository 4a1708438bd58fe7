import { describe, expect, it } from "vitest";
import {
  askedIds,
  columnsOf,
  formatColumns,
  formatSorting,
  nextSorting,
  orderBy,
  parseColumns,
  parseSorting,
} from "./columns.ts";

describe("columns of the table of runs", () => {
  it("begin with the name, and leave out what is none", () => {
    const columns = columnsOf([
      "metrics.acc",
      "nonsense",
      "run_name",
      "tags.updraft.gate",
      "status",
    ]);

    expect(columns.map(({ id, label, numeric }) => [id, label, numeric])).toEqual([
      ["run_name", "Run", false],
      ["metrics.acc", "acc", true],
      ["tags.updraft.gate", "Gate", false],
      ["status", "Status", false],
    ]);
  });

  it("are asked of the tracker where it has not given them already", () => {
    expect(askedIds(["status", "metrics.a", "duration", "params.b", "tags.c"])).toEqual([
      "metrics.a",
      "params.b",
      "tags.c",
    ]);
  });

  it("come back from the address as they were, whatever a key has in it", () => {
    const ids = ["metrics.a,b", "params.100%", "tags.c d"];

    expect(parseColumns(formatColumns(ids))).toEqual(ids);
    expect(formatColumns(ids)).toBe("metrics.a%2Cb,params.100%25,tags.c d");
    expect(parseColumns("metrics.50%")).toEqual(["metrics.50%"]);
    expect(parseColumns(null)).toBeUndefined();
  });
});

describe("sorting runs", () => {
  it("has the newest first while nothing is said", () => {
    expect(parseSorting(null)).toEqual({ column: "start_time", descending: true });
  });

  it("comes back from the address as it was", () => {
    for (const text of ["-metrics.a", "params.-b", "status"]) {
      expect(formatSorting(parseSorting(text))).toBe(text);
    }
  });

  it("begins with the highest number and the first name, and turns around at the next click", () => {
    const [, accuracy] = columnsOf(["metrics.a"]);
    const [name] = columnsOf([]);
    const start = parseSorting(null);

    expect(nextSorting(start, accuracy!)).toEqual({ column: "metrics.a", descending: true });
    expect(nextSorting({ column: "metrics.a", descending: true }, accuracy!)).toEqual({
      column: "metrics.a",
      descending: false,
    });
    expect(nextSorting(start, name!)).toEqual({ column: "run_name", descending: false });
  });

  it.each([
    ["-start_time", ["attributes.start_time DESC"]],
    ["metrics.a b", ["metrics.`a b` ASC"]],
    ["-params.a`b", ['params."a`b" DESC']],
    ["tags.mlflow.user", ["tags.`mlflow.user` ASC"]],
    ["-duration", []],
  ])("%s is %o in MLflow's words", (text, clauses) => {
    expect(orderBy(parseSorting(text))).toEqual(clauses);
  });
});
