/** How a file is shown. */
export type FileKind = "text" | "json" | "table" | "image" | "none";

const kinds: Readonly<Record<Exclude<FileKind, "none">, readonly string[]>> = {
  json: ["json", "geojson", "ipynb"],
  table: ["csv", "tsv"],
  image: ["png", "jpg", "jpeg", "svg"],
  text: [
    ..."txt md log yaml yml toml ini cfg conf py ts js mjs sh sql xml html css r java go rs".split(
      " ",
    ),
    ..."jsonl ndjson lock mlmodel dockerfile makefile license".split(" "),
  ],
};

/** How a file of this name is shown. */
export function fileKind(path: string): FileKind {
  const name = path.split("/").at(-1)?.toLowerCase() ?? "";
  const ending = name.includes(".") ? (name.split(".").at(-1) ?? "") : name;
  for (const [kind, endings] of Object.entries(kinds)) {
    if (endings.includes(ending)) return kind as FileKind;
  }
  return "none";
}

/** JSON with two spaces for each level, or the text as it is if it is none. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/**
 * The rows of a table as text: fields parted by commas or tabs, quoted where they hold those.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function tableRows(text: string, separator: "," | "\t", maxRows: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const pattern =
    separator === ","
      ? /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y
      : /("(?:[^"]|"")*"|[^"\t\r\n]*)(\t|\r?\n|$)/y;
  while (rows.length < maxRows && pattern.lastIndex < text.length) {
    const [found, field = "", end] = pattern.exec(text) ?? [];
    // What breaks the rules is shown as it stands, to the end of its line.
    if (found === undefined) return rows;
    row.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end !== separator) {
      rows.push(row);
      row = [];
    }
  }
  if (row.length > 0 && rows.length < maxRows) rows.push([...row, ""]);
  return rows;
}
