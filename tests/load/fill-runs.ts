import { DatabaseSync } from "node:sqlite";

/** Whose tables, and in which dialect. */
export type Schema = "updraft in SQLite" | "updraft in Postgres" | "mlflow in SQLite";

const startOfRuns = 1_700_000_000_000;

/** Runs by their numbers, the first and the one after the last. */
export interface RunNumbers {
  readonly from: number;
  readonly to: number;
}

/** Adds runs to a file of SQLite while no tracker uses it. */
export function fillSqlite(file: string, schema: Schema, runs: RunNumbers): void {
  const database = new DatabaseSync(file);
  // If this is interrupted the file is thrown away.
  database.exec("pragma synchronous = off; pragma cache_size = -500000");
  database.exec(["begin", ...fillRuns(schema, runs), "commit"].join(";\n"));
  database.close();
}

/**
 * Statements that add runs to the default experiment of a tracker's database, each ended, with
 * three metrics, two params and three tags. The same runs for each schema: every value follows
 * from the number of the run, and no two runs have the same accuracy.
 */
export function fillRuns(schema: Schema, runs: RunNumbers): string[] {
  const dialect = schema === "updraft in Postgres" ? postgres(runs) : sqlite(runs);
  const insert = (table: string, row: Readonly<Record<string, string>>) =>
    `insert into ${table} (${Object.keys(row).join(", ")}) ${dialect.numbers} select ${Object.values(row).join(", ")} from numbers`;
  const start = `${startOfRuns} + i * 1000`;
  const names = schema === "mlflow in SQLite" ? mlflowNames : updraftNames;
  const keyed = (table: string, key: string, value: string) =>
    insert(table, { [names.runId]: dialect.id, key: `'${key}'`, value });
  const metric = (table: string, key: string, value: string) =>
    insert(table, {
      [names.runId]: dialect.id,
      key: `'${key}'`,
      value,
      timestamp: start,
      step: "0",
      is_nan: "0",
    });
  return [
    insert("runs", {
      [names.runId]: dialect.id,
      experiment_id: "0",
      [names.runName]: "'run-' || i",
      user_id: "'bench'",
      status: "'FINISHED'",
      start_time: start,
      end_time: `${start} + 900`,
      lifecycle_stage: "'active'",
      artifact_uri: `'mlflow-artifacts:/0/' || ${dialect.id} || '/artifacts'`,
      ...names.furtherRunColumns,
    }),
    ...Object.entries(metricsOfRun).flatMap(([key, value]) =>
      ["metrics", "latest_metrics"].map((table) => metric(table, key, value)),
    ),
    ...Object.entries(paramsOfRun).map(([key, value]) => keyed("params", key, value)),
    ...Object.entries(tagsOfRun).map(([key, value]) => keyed(names.tags, key, value)),
  ];
}

/** What a run is searched by. */
export interface FilledRun {
  readonly f1: number;
  readonly optimizer: string;
  readonly team: string;
}

/** Names of the runs with these numbers that a condition holds for, the most accurate one first. */
export function runsWith(
  numbers: readonly number[],
  condition: (run: FilledRun) => boolean,
): string[] {
  return numbers
    .filter((i) =>
      condition({
        f1: ((i * 104_729) % 100_003) / 100_003,
        optimizer: ["adam", "sgd", "rmsprop"][i % 3] ?? "",
        team: ["vision", "speech"][i % 7] ?? "text",
      }),
    )
    .toSorted((a, b) => accuracyOf(b) - accuracyOf(a))
    .map((i) => `run-${i}`);
}

/** In the order of the metric, which is this divided by 100003. */
function accuracyOf(number: number): number {
  return (number * 7919) % 100_003;
}

// 100003 is prime, so that up to as many runs all differ.
const metricsOfRun = {
  accuracy: "((i * 7919) % 100003) / 100003.0",
  f1: "((i * 104729) % 100003) / 100003.0",
  loss: "1 - ((i * 7919) % 100003) / 100003.0",
};

const paramsOfRun = {
  learning_rate: "'0.00' || (i % 10)",
  optimizer: "case i % 3 when 0 then 'adam' when 1 then 'sgd' else 'rmsprop' end",
};

const tagsOfRun = {
  "mlflow.runName": "'run-' || i",
  "mlflow.user": "'bench'",
  team: "case i % 7 when 0 then 'vision' when 1 then 'speech' else 'text' end",
};

const updraftNames = {
  runId: "run_id",
  runName: "run_name",
  tags: "run_tags",
  furtherRunColumns: {},
};

const mlflowNames = {
  runId: "run_uuid",
  runName: "name",
  tags: "tags",
  furtherRunColumns: {
    source_type: "'UNKNOWN'",
    source_name: "''",
    entry_point_name: "''",
    source_version: "''",
  },
};

/** Ids in no order, as those of real runs: a multiplier that is odd permutes the 32-bit numbers. */
const scattered = "(i * 2654435761) % 4294967296";

function sqlite({ from, to }: RunNumbers) {
  return {
    numbers: `with recursive numbers (i) as (select ${from} union all select i + 1 from numbers where i < ${to - 1})`,
    id: `printf('%032x', ${scattered})`,
  };
}

function postgres({ from, to }: RunNumbers) {
  return {
    numbers: `with numbers (i) as (select generate_series(${from}::bigint, ${to - 1}))`,
    id: `lpad(to_hex(${scattered}), 32, '0')`,
  };
}
