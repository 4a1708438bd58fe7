/** What a column of the table of runs is called and how it is drawn. */
export interface Column {
  /** In the address, such as `status`, `metrics.accuracy` or `tags.mlflow.user`. */
  readonly id: string;
  readonly label: string;
  readonly numeric: boolean;
  /** In pixels. */
  readonly width: number;
}

/** Columns that every run has; the name always comes first. */
export const attributeColumns: readonly Column[] = [
  { id: "run_name", label: "Run", numeric: false, width: 230 },
  { id: "status", label: "Status", numeric: false, width: 124 },
  { id: "start_time", label: "Started", numeric: false, width: 128 },
  { id: "duration", label: "Took", numeric: true, width: 112 },
  { id: "user_id", label: "User", numeric: false, width: 110 },
  { id: "run_id", label: "Run id", numeric: false, width: 280 },
];

const shownAttributes = ["status", "start_time", "duration"];

/** Better names for tags that every MLflow client sets, and for ours. */
const tagLabels: Readonly<Record<string, string>> = {
  "updraft.gate": "Gate",
  "updraft.digest": "Package",
  "updraft.datasetDigest": "Dataset",
  "updraft.failure": "Reason",
  "mlflow.user": "User (tag)",
  "mlflow.source.name": "Source",
  "mlflow.source.git.commit": "Commit",
  "mlflow.note.content": "Notes",
};

/** Columns by their ids, the name first; what is no column is left out. */
export function columnsOf(ids: readonly string[]): Column[] {
  const others = [...new Set(ids)].filter((id) => id !== "run_name");
  return ["run_name", ...others].flatMap((id) => columnOf(id) ?? []);
}

/** What is shown while nobody has chosen: how the runs went, then what the tracker suggests. */
export function suggestedIds(fromTracker: readonly string[]): string[] {
  return [...shownAttributes, ...fromTracker];
}

/** The ids of what the tracker has to be asked for. */
export function askedIds(ids: readonly string[]): string[] {
  return ids.filter((id) => /^(?:metrics|params|tags)\../.test(id));
}

/** The columns in an address, where keys may hold commas. */
export function parseColumns(text: string | null): string[] | undefined {
  if (!text) return undefined;
  return text.split(",").filter(Boolean).map(decodeKey);
}

/** Columns for an address. */
export function formatColumns(ids: readonly string[]): string {
  return ids.map((id) => id.replace(/[%,]/g, encodeURIComponent)).join(",");
}

/** What runs are sorted by. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** The sorting in an address: `-metrics.accuracy` is the highest first. */
export function parseSorting(text: string | null): Sorting {
  if (!text) return { column: "start_time", descending: true };
  return { column: text.replace(/^-/, ""), descending: text.startsWith("-") };
}

/** A sorting for an address. */
export function formatSorting({ column, descending }: Sorting): string {
  return `${descending ? "-" : ""}${column}`;
}

/** The sorting after a click at a column's head: first the one that is looked for mostly. */
export function nextSorting(current: Sorting, { id, numeric }: Column): Sorting {
  if (current.column === id) return { column: id, descending: !current.descending };
  return { column: id, descending: numeric || id === "start_time" };
}

/** A sorting in MLflow's words; durations it cannot sort by. */
export function orderBy({ column, descending }: Sorting): string[] {
  if (column === "duration") return [];
  const direction = descending ? "DESC" : "ASC";
  const parts = /^(?<entity>metrics|params|tags)\.(?<key>.+)$/s.exec(column)?.groups;
  if (!parts) return [`attributes.${column} ${direction}`];
  const { entity, key = "" } = parts;
  return [`${entity}.${key.includes("`") ? `"${key}"` : `\`${key}\``} ${direction}`];
}

function columnOf(id: string): Column | undefined {
  const attribute = attributeColumns.find((column) => column.id === id);
  if (attribute) return attribute;
  const { entity, key = "" } =
    /^(?<entity>metrics|params|tags)\.(?<key>.+)$/s.exec(id)?.groups ?? {};
  if (!entity) return undefined;
  const label = entity === "tags" ? (tagLabels[key] ?? key) : key;
  const width = Math.min(Math.max(52 + label.length * 8, 104), 220);
  return { id, label, numeric: entity === "metrics", width };
}

function decodeKey(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
